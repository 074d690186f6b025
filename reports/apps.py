from django.apps import AppConfig


class ReportsConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "reports"

    def ready(self) -> None:
        from reports import nav_items
        from reports.definitions import register_reports

        register_reports()
        nav_items.register_report_nav()
