from django.apps import AppConfig


class NoticesConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "crm.notices"

    def ready(self) -> None:
        from crm.notices.page import unread_count
        from crm.shell import nav

        nav.register_counter("notices", unread_count)
