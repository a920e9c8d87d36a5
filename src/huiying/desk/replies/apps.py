from django.apps import AppConfig


class RepliesConfig(AppConfig):
    name = "huiying.desk.replies"
    label = "replies"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Put this room's parts on the page of a case."""
        from huiying.desk.replies.panels import put_up

        put_up()
