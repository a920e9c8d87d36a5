from django.apps import AppConfig


class RepliesConfig(AppConfig):
    name = "huiying.desk.replies"
    label = "replies"
    default_auto_field = "django.db.models.BigAutoField"
