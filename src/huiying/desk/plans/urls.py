from django.urls import path

from huiying.desk.plans import views

app_name = "plans"
urlpatterns = [
    path("", views.plans, name="list"),
    path("upload/", views.upload, name="upload"),
    path("calendar/", views.calendar, name="calendar"),
    path("calendar/<int:number>/text/", views.calendar_text, name="calendar_text"),
    path("<slug:name>/<int:number>/", views.version, name="version"),
    path("<slug:name>/<int:number>/told/", views.told, name="told"),
    path("<slug:name>/<int:number>/check/", views.proved, name="proved"),
    path("<slug:name>/<int:number>/text/", views.text, name="text"),
    path("<slug:name>/<int:number>/activate/", views.activate, name="activate"),
]
