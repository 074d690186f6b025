"""What the app declares to the shared mechanisms when it is ready."""

from reports import nav_items
from reports.approval_handlers.plans import register_plans
from reports.definitions import register_reports
from reports.importers.plan_kind import register_plan_import
from reports.next_steps.plans import register_plan_reasons
from reports.policy.dashboards import register_dashboard_policy
from reports.policy.facts import register_fact_policy
from reports.policy.plans import register_plan_policy
from reports.policy.timeliness import register_timeliness_policy
from reports.policy.workload import register_workload_policy
from reports.queries.plan_contacts import register_plan_contacts
from reports.tasks.control import register_control
from reports.tasks.costs import register_costs
from reports.tasks.dashboards import register_dashboard_mail
from reports.tasks.facts import register_fact_jobs
from reports.tasks.incentives import register_incentives
from reports.tasks.plans import register_plan_work
from reports.tasks.staff import register_staff
from reports.tasks.submissions import register_submissions
from reports.tasks.targets import register_target_parts


def register_everything() -> None:
    """Called once, from AppConfig.ready()."""
    register_plan_policy()
    register_fact_policy()
    register_dashboard_policy()
    register_timeliness_policy()
    register_workload_policy()
    register_reports()
    nav_items.register_report_nav()
    register_plans()
    register_plan_contacts()
    register_plan_work()
    register_plan_import()
    register_fact_jobs()
    register_dashboard_mail()
    register_target_parts()
    register_plan_reasons()
    register_control()
    register_submissions()
    register_incentives()
    register_costs()
    register_staff()
