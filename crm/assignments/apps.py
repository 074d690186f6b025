from django.apps import AppConfig


class AssignmentsConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "crm.assignments"

    def ready(self) -> None:
        from crm.assignments.starting import register_everything

        register_everything()
