from django.apps import AppConfig


class LibraryConfig(AppConfig):
    name = "huiying.desk.library"
    label = "library"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Put this room's parts on the page of a case; the outlets of media contacts are media."""
        from huiying.desk.library.panels import put_up
        from huiying.desk.library.queries.media import outlets
        from huiying.desk.reports.placing import media

        put_up()
        media["contacts"] = outlets
