from django.apps import AppConfig


class MeetingsConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "crm.meetings"

    def ready(self) -> None:
        from crm.meetings.starting import register_everything

        register_everything()
