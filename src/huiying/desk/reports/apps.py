from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "huiying.desk.reports"
    label = "reports"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Put this room's parts on the page of a case."""
        from huiying.desk.reports.panels import put_up

        put_up()
