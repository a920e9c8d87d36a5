from django.urls import path

from huiying.desk.public import views

app_name = "public"
urlpatterns = [
    path("", views.index, name="index"),
    path("feed.atom", views.feed, name="feed"),
    path("ask/", views.ask, name="ask"),
    path("asked/<slug:receipt>/", views.asked, name="asked"),
    path("transparency/", views.transparency, name="transparency"),
    path("<slug:slug>/", views.answer, name="answer"),
]
