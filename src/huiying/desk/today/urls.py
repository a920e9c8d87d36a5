from django.urls import path

from huiying.desk.today.views import search, today, wall

app_name = "today"
urlpatterns = [
    path("", today.today, name="today"),
    path("today/pulse/", today.pulse, name="pulse"),
    path("wall/", wall.wall, name="wall"),
    path("search/", search.search, name="search"),
]
