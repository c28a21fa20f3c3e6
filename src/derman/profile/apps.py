from django.apps import AppConfig


class ProfileConfig(AppConfig):
    name = "derman.profile"
    default_auto_field = "django.db.models.BigAutoField"
