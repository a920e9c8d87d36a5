from django.apps import AppConfig


class ListenConfig(AppConfig):
    name = "huiying.desk.listen"
    label = "listen"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from huiying.desk.collect import panels
        from huiying.desk.listen.panel import climb, heard

        panels.add(panels.Panel(key="story", order=10, template="listen/parts/heard.html", context=heard))
        panels.add(panels.Panel(key="climb", order=5, template="listen/parts/climb.html", context=climb))
