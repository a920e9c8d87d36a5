from django.apps import AppConfig


class SampleConfig(AppConfig):
    name = "huiying.desk.sample"
    label = "sample"
