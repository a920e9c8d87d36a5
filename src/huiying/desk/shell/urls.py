from django.urls import path

from huiying.desk.shell import views

app_name = "shell"
urlpatterns = [
    path("theme/", views.set_theme, name="theme"),
    path("language/", views.set_language, name="language"),
    path("styleguide/", views.styleguide, name="styleguide"),
]
