from django.apps import AppConfig


class PeopleConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "crm.people"

    def ready(self) -> None:
        from allauth.account.signals import password_changed

        from crm.people import actions, policy, signin

        policy.register_all()
        actions.register_all()
        password_changed.connect(signin.password_was_typed, dispatch_uid="fresh_sign_in")
