from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "derman.desk"

    def ready(self) -> None:
        # allauth links after the password was asked for again, so no view of ours sees the moment.
        from allauth.socialaccount.signals import social_account_added

        from derman.desk.account import signin

        social_account_added.connect(signin.note_link, dispatch_uid="derman.desk.note_link")
