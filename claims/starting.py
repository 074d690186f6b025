"""What the app declares to the shared mechanisms when it is ready."""

from claims.navigation import register_navigation
from claims.policy.escalations import register_escalation_policy
from claims.policy.measures import register_measure_policy
from claims.seeds import seed_claim_reasons
from claims.tasks.escalations import register_escalations
from claims.tasks.measures import register_measures
from crm.work import seeds as seeding


def register_everything() -> None:
    """Called once, from AppConfig.ready()."""
    seeding.register("reasons of claims", seed_claim_reasons)
    register_navigation()
    register_escalation_policy()
    register_escalations()
    register_measure_policy()
    register_measures()
