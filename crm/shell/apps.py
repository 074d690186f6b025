from django.apps import AppConfig


class ShellConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "crm.shell"

    def ready(self) -> None:
        from crm.shell import nav_items, wording

        wording.speak_plainly()
        nav_items.register_all()
