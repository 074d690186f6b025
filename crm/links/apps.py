from django.apps import AppConfig


class LinksConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "crm.links"

    def ready(self) -> None:
        from crm.links import policy

        policy.register_links()
