from django.urls import path

from huiying.desk.api.views import api

urlpatterns = [path("", api.urls)]
