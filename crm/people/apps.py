from django.apps import AppConfig


class PeopleConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "crm.people"

    def ready(self) -> None:
        from crm.people import actions, policy

        policy.register_all()
        actions.register_all()
