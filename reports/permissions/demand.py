"""Who sees what is in demand (S3.3.1.28): whoever sees facts, and marketing without clients."""

from crm.accounts.models import Role, User
from crm.accounts.scope import all_seeing
from reports.permissions.facts import can_see_facts


def can_see_demand(user: User) -> bool:
    """Managers and heads over what is credited to them, marketing over the whole company."""
    return can_see_facts(user) or (user.is_active and user.role == Role.MARKETER)


def counted_for(user: User) -> User:
    """Over whose clients the sums are: marketing has those of the company, and never a client."""
    return all_seeing() if user.role == Role.MARKETER else user
