"""Where the library is reached."""

from django.urls import path

from huiying.desk.library import views

app_name = "library"
urlpatterns = [
    path("", views.index, name="index"),
    path("<str:number>/review/", views.review, name="review"),
    path("<str:number>/archive/", views.archive, name="archive"),
    path("<str:number>/package/<int:pk>/", views.package, name="package"),
]
