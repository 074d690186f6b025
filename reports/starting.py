"""What the app declares to the shared mechanisms when it is ready."""

from reports.definitions import register_reports
from reports.nav_items import register_report_nav
from reports.policy.facts import register_fact_policy
from reports.tasks.facts import register_fact_jobs


def register_everything() -> None:
    """Called once, from AppConfig.ready()."""
    register_fact_policy()
    register_reports()
    register_report_nav()
    register_fact_jobs()
