from django.apps import AppConfig


class LibraryConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "crm.library"

    def ready(self) -> None:
        from crm.library.starting import register_everything

        register_everything()
