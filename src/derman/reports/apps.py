from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "derman.reports"
    default_auto_field = "django.db.models.BigAutoField"
