"""What claims against customers declare when the app is ready."""

from claims.approval_handlers.outgoing import register_outgoing_review
from claims.next_steps.outgoing import register_outgoing_reasons
from claims.outgoing.key_rate_seeds import seed_key_rates
from claims.outgoing.limitation import effects_of_claims
from claims.outgoing.outgoing_files import register_outgoing_files
from claims.outgoing.outgoing_navigation import register_outgoing_navigation
from claims.policy.outgoing import register_outgoing_policy
from claims.tasks.outgoing import register_outgoing_jobs
from crm.work import seeds as seeding
from deals.receivables.limitation import register_source


def register_outgoing() -> None:
    """Called once, from AppConfig.ready()."""
    register_outgoing_policy()
    seeding.register("key rates", seed_key_rates)
    register_source(effects_of_claims)
    register_outgoing_navigation()
    register_outgoing_review()
    register_outgoing_files()
    register_outgoing_jobs()
    register_outgoing_reasons()
