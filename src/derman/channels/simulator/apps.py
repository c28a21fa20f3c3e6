from django.apps import AppConfig


class SimulatorConfig(AppConfig):
    name = "derman.channels.simulator"
