from django.apps import AppConfig


class AccountsConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "crm.accounts"

    def ready(self) -> None:
        from crm.accounts import checks, journal, verbs

        checks.register_all()
        journal.connect()
        verbs.register_all()
