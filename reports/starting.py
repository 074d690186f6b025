"""What the app declares to the shared mechanisms when it is ready."""

from reports import nav_items
from reports.control_parts import register_control
from reports.definitions import register_reports
from reports.submission_parts import register_submissions


def register_everything() -> None:
    """Called once, from AppConfig.ready()."""
    register_reports()
    nav_items.register_report_nav()
    register_control()
    register_submissions()
