from django.apps import AppConfig


class LibraryConfig(AppConfig):
    name = "huiying.desk.library"
    label = "library"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Put this room's parts on the page of a case."""
        from huiying.desk.library.panels import put_up

        put_up()
