from django.apps import AppConfig


class ShellConfig(AppConfig):
    name = "huiying.desk.shell"
    label = "shell"
