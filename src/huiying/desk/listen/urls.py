from django.http import HttpRequest, HttpResponse
from django.urls import path


def soon(request: HttpRequest, pk: int = 0) -> HttpResponse:
    return HttpResponse()


app_name = "listen"
urlpatterns = [path("", soon, name="stories"), path("stories/<int:pk>/", soon, name="story")]
