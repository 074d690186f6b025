"""What the app declares to the shared mechanisms when it is ready."""

from claims.seeds import seed_claim_reasons
from crm.work import seeds as seeding


def register_everything() -> None:
    """Called once, from AppConfig.ready()."""
    seeding.register("reasons of claims", seed_claim_reasons)
