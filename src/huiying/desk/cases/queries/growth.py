"""How much a matter has grown since an entry of its journal: posts and voices, then and now."""

from collections.abc import Sequence
from dataclasses import dataclass

from huiying.desk.cases.facts import corrected
from huiying.desk.collect.models import Mention
from huiying.engine.journal import Entry, Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Growth:
    """What was known at an entry, and what is known now."""

    posts_then: int
    posts_now: int
    voices_then: int
    voices_now: int

    @property
    def more(self) -> int:
        """Posts that came since."""
        return self.posts_now - self.posts_then


def grown(entries: Sequence[Entry], seq: int) -> Growth:
    """The growth since the entry `seq`, by what the journal says was added; corrected entries do not count."""
    wrong = corrected(entries)
    then, now = set[int](), set[int]()
    for entry in entries:
        if entry.kind in {Kind.MENTIONS_ADDED, Kind.MERGED} and entry.seq not in wrong:
            ids = {int(pk) for pk in entry.data.get("mentions", ())}
            now |= ids
            if entry.seq <= seq:
                then |= ids
    voices = dict(Mention.every.filter(pk__in=now).exclude(voice="").values_list("pk", "voice"))
    return Growth(
        posts_then=len(then),
        posts_now=len(now),
        voices_then=len({voices[pk] for pk in then if pk in voices}),
        voices_now=len(set(voices.values())),
    )
