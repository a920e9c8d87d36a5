from django.urls import path

from huiying.desk.listen.views import mentions, places, stories, story, watches

app_name = "listen"
urlpatterns = [
    path("", stories.stories, name="stories"),
    path("merge/", stories.merge, name="merge"),
    path("dismiss/", stories.dismiss, name="dismiss"),
    path("stories/<int:pk>/", story.story, name="story"),
    path("stories/<int:pk>/copies/<int:mention>/", story.copies, name="copies"),
    path("stories/<int:pk>/not-ours/", story.not_ours, name="not_ours"),
    path("stories/<int:pk>/route/", story.route, name="route"),
    path("stories/<int:pk>/split/", story.split, name="split"),
    path("stories/<int:pk>/watch-on/", story.watch_on, name="watch_on"),
    path("mentions/", mentions.mentions, name="mentions"),
    path("watches/", watches.watches, name="watches"),
    path("watches/new/", watches.new_watch, name="new_watch"),
    path("watches/try/", watches.try_watch, name="try_watch"),
    path("watches/import/", watches.import_watches, name="import_watches"),
    path("watches/<int:pk>/", watches.watch, name="watch"),
    path("watches/<int:pk>/stop/", watches.stop, name="stop_watch"),
    path("watches/<int:pk>/drop/", watches.drop, name="drop_watch"),
    path("rehearing/", watches.rehearing, name="rehearing"),
    path("places/", places.places, name="places"),
    path("places/add/", places.add_place, name="add_place"),
    path("places/import/", places.import_places, name="import_places"),
    path("places/<int:pk>/", places.place, name="place"),
    path("places/<int:pk>/drop/", places.drop_place, name="drop_place"),
]
