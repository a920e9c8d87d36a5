from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "huiying.desk.reports"
    label = "reports"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Put this room's parts on the page of a case; what is placed with media needs a signed request."""
        from huiying.desk.replies.holding import before_placing
        from huiying.desk.reports.panels import put_up
        from huiying.desk.reports.placing import may_be_placed

        put_up()
        if may_be_placed not in before_placing:
            before_placing.append(may_be_placed)
