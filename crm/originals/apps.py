from django.apps import AppConfig


class OriginalsConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "crm.originals"

    def ready(self) -> None:
        from crm.originals.starting import register_everything

        register_everything()
