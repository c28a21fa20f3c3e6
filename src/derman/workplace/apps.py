from django.apps import AppConfig


class WorkplaceConfig(AppConfig):
    name = "derman.workplace"
    default_auto_field = "django.db.models.BigAutoField"
