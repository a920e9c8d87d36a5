from django.apps import AppConfig


class JointConfig(AppConfig):
    name = "huiying.desk.joint"
    label = "joint"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Put this room's parts on the page of a case; let its task forces see their cases."""
        from huiying.desk.joint.panels import put_up

        put_up()
