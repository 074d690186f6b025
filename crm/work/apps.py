from django.apps import AppConfig


class WorkConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "crm.work"

    def ready(self) -> None:
        from crm.work import seeds
        from crm.work.production_calendar import seed_calendar

        seeds.register("calendar", seed_calendar)
