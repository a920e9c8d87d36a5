"""What people fill in while listening."""

from huiying.desk.listen.forms.filters import MentionFilterForm, StoryFilterForm
from huiying.desk.listen.forms.places import PlaceForm, PlacesFileForm
from huiying.desk.listen.forms.stories import NoteForm
from huiying.desk.listen.forms.watch import WatchForm
from huiying.desk.listen.forms.watchfile import WatchFileForm

__all__ = [
    "MentionFilterForm",
    "NoteForm",
    "PlaceForm",
    "PlacesFileForm",
    "StoryFilterForm",
    "WatchFileForm",
    "WatchForm",
]
