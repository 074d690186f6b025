from django.apps import AppConfig


class ImportsConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "crm.imports"

    def ready(self) -> None:
        from crm.imports import jobs, people, policy, verbs

        policy.register_policy()
        verbs.register_all()
        people.register_kind()
        jobs.register_jobs()
