"""Rights on promos (S3.3.1.24): heads of departments run them, marketing approves (DL-14)."""

from crm.accounts.models import Role, User
from crm.accounts.scope import OWNERS, SEES_ALL, scope_of
from deals.models import PROMO_MOVES, PromoCampaign, PromoState

SEES = OWNERS | SEES_ALL | {Role.MARKETER}
RUN = frozenset({Role.DEPARTMENT_HEAD, Role.DIRECTOR})


def can_see_promos(user: User) -> bool:
    """Whoever sells in them, decides about them or settles them."""
    return user.is_active and user.role in SEES


def can_write_promos(user: User) -> bool:
    """Heads of departments and the director plan them; marketing decides."""
    return user.is_active and user.role in RUN


def _runs(user: User, promo: PromoCampaign) -> bool:
    """The director, or the head of the unit whose promo it is."""
    if not can_write_promos(user):
        return False
    return user.role == Role.DIRECTOR or promo.org_unit_id in scope_of(user).unit_ids


def can_edit_promo(user: User, promo: PromoCampaign) -> bool:
    """A draft; whoever changes it becomes its author."""
    return promo.state == PromoState.DRAFT and _runs(user, promo)


def can_submit_promo(user: User, promo: PromoCampaign) -> bool:
    """Only who wrote it last."""
    return promo.author_id == user.pk and can_edit_promo(user, promo)


def can_cancel_promo(user: User, promo: PromoCampaign) -> bool:
    """Before it begins."""
    return PromoState.CANCELLED in PROMO_MOVES[promo.state] and _runs(user, promo)


def can_analyse_promo(user: User, promo: PromoCampaign) -> bool:
    """Whoever runs it, and marketing, once it is over and until it is closed."""
    if not user.is_active or PromoState.ANALYSED not in PROMO_MOVES[promo.state]:
        return False
    return user.role == Role.MARKETER or _runs(user, promo)


def can_close_promo(user: User, promo: PromoCampaign) -> bool:
    """The same people, with the effect counted."""
    if not user.is_active or PromoState.CLOSED not in PROMO_MOVES[promo.state]:
        return False
    return user.role == Role.MARKETER or _runs(user, promo)


def can_see_effect(user: User, promo: PromoCampaign) -> bool:
    """Sums over all who take part: for those who see all clients, marketing, heads of the unit.

    Sums of a promo name no client, so marketing has them (S2A.D3), but never the shipments.
    """
    if not user.is_active:
        return False
    if user.role in SEES_ALL or user.role == Role.MARKETER:
        return True
    return promo.org_unit_id in scope_of(user).unit_ids
