from django.apps import AppConfig


class VisitsConfig(AppConfig):
    name = "derman.visits"
    default_auto_field = "django.db.models.BigAutoField"
