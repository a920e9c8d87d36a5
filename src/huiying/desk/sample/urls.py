"""Where the sample is reached; 404 on every desk that was not filled with it."""

from django.urls import path

from huiying.desk.sample import views

app_name = "sample"
urlpatterns = [
    path("", views.begin, name="fill"),
    path("people/", views.people, name="people"),
    path("as/<str:username>/", views.step_into, name="step_into"),
]
