"""Rights on retro bonuses (S3.3.1.15): sales agree, accounting checks, heads decide (C.5.30)."""

from decimal import Decimal

from clients.models import Client
from crm.accounts.models import Role, User
from crm.accounts.scope import scope_of
from crm.work.registry import setting
from deals.models import (
    ACCRUAL_MOVES,
    RETRO_MOVES,
    AccrualState,
    Contract,
    RetroBonusAccrual,
    RetroBonusAgreement,
    RetroState,
)
from deals.permissions.contracts import can_draft_contract
from deals.permissions.documents import can_see_money

BONUS_UNDER = frozenset({"draft", "returned", "on_approval", "approved", "signed_by_us", "active"})


def can_see_retro(user: User) -> bool:
    """Who sees money, and marketing, which keeps account of bonuses."""
    return can_see_money(user) or (user.is_active and user.role == Role.MARKETER)


def can_write_retro(user: User, contract: Contract) -> bool:
    """Those who draft contracts of the client; under a contract that has not ended."""
    fits = contract.parent_id is None and contract.state in BONUS_UNDER
    return fits and can_draft_contract(user, contract.client)


def can_edit_retro(user: User, agreement: RetroBonusAgreement) -> bool:
    """A draft; whoever changes it becomes its author."""
    draft = agreement.state == RetroState.DRAFT
    return draft and can_draft_contract(user, agreement.client)


def can_submit_retro(user: User, agreement: RetroBonusAgreement) -> bool:
    """Only who wrote it last, so that nobody decides an own text that another has sent."""
    return agreement.author_id == user.pk and can_edit_retro(user, agreement)


def can_end_retro(user: User, agreement: RetroBonusAgreement) -> bool:
    """The head of the client's department and the director, while it is in force."""
    return RetroState.TERMINATED in RETRO_MOVES[agreement.state] and decides_for(
        user, agreement.client
    )


def decides_for(user: User, client: Client) -> bool:
    """The head of the client's department, or the director."""
    heads = user.role == Role.DEPARTMENT_HEAD and client.org_unit_id in scope_of(user).unit_ids
    return user.is_active and (user.role == Role.DIRECTOR or heads)


def head_limit() -> Decimal:
    """Up to this bonus of a period the head of the department decides, roubles."""
    return Decimal(setting("retro.head_limit"))


def _accounts(user: User, accrual: RetroBonusAccrual, state: str) -> bool:
    allowed = user.is_active and user.role == Role.ACCOUNTANT
    return allowed and state in ACCRUAL_MOVES[accrual.state]


def can_check_accrual(user: User, accrual: RetroBonusAccrual) -> bool:
    """The accounting checks what the clock has counted."""
    return _accounts(user, accrual, AccrualState.CHECKED)


def can_recount_accrual(user: User, accrual: RetroBonusAccrual) -> bool:
    """The accounting counts it anew until it is given; the clock does so later too."""
    given = accrual.state in {AccrualState.OFFSET, AccrualState.PAID, AccrualState.CLOSED}
    return not given and _accounts(user, accrual, AccrualState.RECALCULATED)


def can_approve_accrual(user: User, accrual: RetroBonusAccrual) -> bool:
    """The head of the department within the limit, the director above it (C.5 no. 30)."""
    if AccrualState.APPROVED not in ACCRUAL_MOVES[accrual.state]:
        return False
    within = accrual.amount <= head_limit() or user.role != Role.DEPARTMENT_HEAD
    return within and decides_for(user, accrual.client)


def can_give_accrual(user: User, accrual: RetroBonusAccrual) -> bool:
    """The accounting sets it off or pays it out, by a document."""
    return _accounts(user, accrual, AccrualState.PAID)


def can_close_accrual(user: User, accrual: RetroBonusAccrual) -> bool:
    """The accounting closes what was given."""
    return accrual.state in {"offset", "paid"} and _accounts(user, accrual, AccrualState.CLOSED)
