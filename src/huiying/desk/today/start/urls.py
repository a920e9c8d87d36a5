from django.urls import path

from huiying.desk.today.start import people, reach, readiness, views

app_name = "start"
urlpatterns = [
    path("start/", views.welcome, name="welcome"),
    path("start/enter/<str:token>/", views.enter, name="enter"),
    path("start/me/", views.me, name="me"),
    path("start/plan/", views.plan, name="plan"),
    path("start/institution/", views.institution, name="institution"),
    path("start/people/", people.people, name="people"),
    path("start/roster/", people.roster, name="roster"),
    path("start/reach/", reach.reach, name="reach"),
    path("start/reach/<int:pk>/test/", reach.test, name="test"),
    path("start/reach/<int:pk>/drop/", reach.drop, name="drop"),
    path("start/ready/", readiness.ready, name="ready"),
    path("settings/readiness/", readiness.readiness, name="readiness"),
]
