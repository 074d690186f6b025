"""What the app declares to the shared mechanisms when it is ready."""

from claims.navigation import register_navigation
from claims.policy.escalations import register_escalation_policy
from claims.seeds import seed_claim_reasons
from claims.tasks.escalations import register_escalations
from crm.work import seeds as seeding


def register_everything() -> None:
    """Called once, from AppConfig.ready()."""
    seeding.register("reasons of claims", seed_claim_reasons)
    register_navigation()
    register_escalation_policy()
    register_escalations()
