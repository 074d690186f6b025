"""What claims against customers declare when the app is ready."""

from claims.policy.outgoing import register_outgoing_policy
from claims.seeds import seed_key_rates
from crm.work import seeds as seeding


def register_outgoing() -> None:
    """Called once, from AppConfig.ready()."""
    register_outgoing_policy()
    seeding.register("key rates", seed_key_rates)
