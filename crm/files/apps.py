from django.apps import AppConfig


class FilesConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "crm.files"

    def ready(self) -> None:
        from crm.files import invariants, jobs, policy, verbs

        policy.register_policy()
        verbs.register_all()
        jobs.register_jobs()
        invariants.register_invariants()
