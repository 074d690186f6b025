"""Who reads the figures of claims."""

from crm.accounts.models import Role, User
from deals.permissions import can_see_money


def can_see_goods_claims(user: User) -> bool:
    """Those who see the money of clients, and the purchasing department (C.9, L454)."""
    return can_see_money(user) or (user.is_active and user.role == Role.PURCHASING)


def can_see_claim_reports(user: User) -> bool:
    """What came and what was given, by reason and fault (L456)."""
    return can_see_money(user)
