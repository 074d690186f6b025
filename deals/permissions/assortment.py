"""Rights on the assortment matrix (S2B.II.K4, S3.2.2b): marketing keeps it, heads propose."""

from crm.accounts.models import DIRECTORS, HEADS, Role, User

KEEPERS = frozenset({Role.MARKETER, Role.DIRECTOR})


def can_keep_assortment(user: User) -> bool:
    """Write matrices: marketing and the director."""
    return user.is_active and user.role in KEEPERS


def can_propose_assortment(user: User) -> bool:
    """Heads take part in the policy by proposals, which marketing decides."""
    return user.is_active and user.role in HEADS


def can_see_assortment_proposals(user: User) -> bool:
    """Who proposes and who decides."""
    return user.is_active and user.role in HEADS | DIRECTORS | KEEPERS
