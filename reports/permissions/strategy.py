"""Who takes the material for the strategic plan (S2A.P1, S3.4.2.5)."""

from crm.accounts.models import Role, User

PLANNERS = frozenset({Role.DEPARTMENT_HEAD, Role.DIRECTOR, Role.GENERAL_DIRECTOR})


def can_see_strategy(user: User) -> bool:
    """Heads of departments over their own, the directors over everything."""
    return user.is_active and user.role in PLANNERS
