"""Retro bonuses accrued by the clock, checked, approved, given and closed (C.5 no. 30)."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.accounts.models import Role, User
from crm.errors import RuleViolation, StaleVersion
from crm.history import verb
from crm.money import format_money
from crm.notices.actions import notify_many
from crm.states import move
from crm.work.registry import setting
from deals import permissions
from deals.actions.contracts import absent
from deals.actions.retro import expire_retro, food_room, tiers_of
from deals.bonuses.retro import Bonus, bonus_of, lawful, periods_over
from deals.bonuses.retro_base import base_of
from deals.models import (
    ACCRUAL_MOVES,
    AccrualState,
    RetroBonusAccrual,
    RetroBonusAgreement,
)

DOCUMENT_LENGTH = 200
_UNDECIDED: dict[str, Any] = {
    "checked_by": None,
    "checked_at": None,
    "approved_by": None,
    "approved_at": None,
}


def count_bonus(
    agreement: RetroBonusAgreement, first: date, last: date, *, base: Decimal | None = None
) -> Bonus:
    """What the days earn by the agreement, or what such a base would (RETRO-1, RETRO-2)."""
    found = base_of(agreement, first, last) if base is None else base
    bonus = bonus_of(found, tiers_of(agreement), agreement.mode)
    return lawful(bonus, food_room(agreement))


def accrue_bonuses(*, today: date) -> int:
    """On the 2nd of a month: the bonus of each agreement for each period that is over; how many.

    One row for an agreement and period: twice is once, and what an outage missed is caught up.
    """
    rows = RetroBonusAgreement.objects.was_in_force().order_by("pk")
    made = sum(accrue_agreement(pk, today=today) for pk in list(rows.values_list("pk", flat=True)))
    if made:
        _tell_accounting(made, today)
    return made


@transaction.atomic
def accrue_agreement(agreement_id: int, *, today: date) -> int:
    """Write what is missing of one agreement; how many rows."""
    rows = RetroBonusAgreement.objects.select_for_update(of=("self",), no_key=True)
    agreement = rows.prefetch_related("tiers").get(pk=agreement_id)
    known = set(agreement.accruals.values_list("period_start", flat=True))
    days = (agreement.period, agreement.valid_from, agreement.last_day)
    missing = [one for one in periods_over(*days, today) if one.first not in known]
    with verb("retro.accrued", by=None):
        for period in missing:
            bonus = count_bonus(agreement, period.first, period.last)
            RetroBonusAccrual.objects.create(
                agreement=agreement,
                client_id=agreement.client_id,
                period_start=period.first,
                period_end=period.last,
                **_counted(bonus),
            )
    return len(missing)


def follow_late_documents(*, today: date) -> int:
    """Daily: agreements that are over expire, bonuses whose documents changed are counted anew.

    Those of periods that ended within `retro.recalculation_days`; how many rows changed.
    """
    since = today - timedelta(days=setting("retro.recalculation_days"))
    rows = RetroBonusAccrual.objects.filter(period_end__gte=since).order_by("pk")
    changed = sum(recalculate(pk) for pk in list(rows.values_list("pk", flat=True)))
    return changed + expire_retro(today=today)


@transaction.atomic
def recalculate(accrual_id: int) -> int:
    """→ recalculated, when its documents give another base; 1 if so.

    The rules are those of the agreement; what was given stays, the rest is to be decided again.
    """
    rows = RetroBonusAccrual.objects.select_for_update(of=("self",))
    accrual = rows.select_related("agreement", "client").get(pk=accrual_id)
    agreement = accrual.agreement
    bonus = count_bonus(agreement, accrual.period_start, accrual.period_end)
    if bonus.base == accrual.base:
        return 0
    with verb("retro.recalculated", by=None):
        changes: dict[str, Any] = _counted(bonus) | _UNDECIDED
        move(accrual, ACCRUAL_MOVES, AccrualState.RECALCULATED, **changes)
    _tell(
        User.objects.filter(role=Role.ACCOUNTANT, is_active=True),
        "retro.recalculated",
        accrual,
    )
    return 1


@transaction.atomic
def check_accrual(accrual_id: int, *, by: User, version: int) -> RetroBonusAccrual:
    """calculated → checked by the accounting; what there is nothing to give of is closed."""
    accrual = locked_accrual(accrual_id, by, version)
    if not permissions.can_check_accrual(by, accrual):
        raise PermissionDenied
    bonus = count_bonus(accrual.agreement, accrual.period_start, accrual.period_end)
    if bonus.base != accrual.base:
        text = _(
            "The documents of the period have changed: the base is %(base)s now. Recalculate it."
        )
        raise RuleViolation(text % {"base": format_money(bonus.base)})
    with verb("retro.checked", by=by):
        how: dict[str, Any] = {"checked_by": by, "checked_at": timezone.now()}
        move(accrual, ACCRUAL_MOVES, AccrualState.CHECKED, **how)
        if not accrual.to_give:
            move(accrual, ACCRUAL_MOVES, AccrualState.CLOSED)
    if accrual.state == AccrualState.CHECKED:
        _tell(_deciders(accrual), "retro.to_approve", accrual)
    return accrual


@transaction.atomic
def recount_accrual(accrual_id: int, *, by: User, version: int) -> RetroBonusAccrual:
    """The accounting counts one anew at once, without waiting for the clock."""
    accrual = locked_accrual(accrual_id, by, version)
    if not permissions.can_recount_accrual(by, accrual):
        raise PermissionDenied
    if not recalculate(accrual.pk):
        raise RuleViolation(_("The documents of the period give the same base."))
    accrual.refresh_from_db()
    return accrual


@transaction.atomic
def approve_accrual(accrual_id: int, *, by: User, version: int) -> RetroBonusAccrual:
    """checked → approved: the head up to `retro.head_limit`, the director above it."""
    accrual = locked_accrual(accrual_id, by, version)
    if not permissions.can_approve_accrual(by, accrual):
        raise PermissionDenied(_("The director decides about a bonus above the limit."))
    with verb("retro.accrual_approved", by=by, on_behalf_of=absent(by, accrual.client)):
        how: dict[str, Any] = {"approved_by": by, "approved_at": timezone.now()}
        move(accrual, ACCRUAL_MOVES, AccrualState.APPROVED, **how)
    return accrual


@transaction.atomic
def give_accrual(
    accrual_id: int, *, by: User, version: int, way: str, document: str, on: date, today: date
) -> RetroBonusAccrual:
    """approved → set off or paid out, as the document says; the debt itself is not touched.

    Setting off is a document of the accounting: invoices change when it comes with the books.
    """
    accrual = locked_accrual(accrual_id, by, version)
    if not permissions.can_give_accrual(by, accrual):
        raise PermissionDenied
    if not document.strip():
        raise RuleViolation(_("Name the document."), field="document")
    if not accrual.period_end < on <= today:
        text = _("After the period, and not later than today.")
        raise RuleViolation(text, field="on")
    how: dict[str, Any] = {
        "given_amount": accrual.amount,
        "given_on": on,
        "document": document.strip()[:DOCUMENT_LENGTH],
    }
    with verb(f"retro.{way}", by=by):
        move(accrual, ACCRUAL_MOVES, AccrualState(way), **how)
    return accrual


@transaction.atomic
def close_accrual(accrual_id: int, *, by: User, version: int) -> RetroBonusAccrual:
    """set off, paid → closed: the papers are in order."""
    accrual = locked_accrual(accrual_id, by, version)
    if not permissions.can_close_accrual(by, accrual):
        raise PermissionDenied
    with verb("retro.closed", by=by):
        move(accrual, ACCRUAL_MOVES, AccrualState.CLOSED)
    return accrual


def locked_accrual(accrual_id: int, by: User, version: int) -> RetroBonusAccrual:
    """The visible accrual, locked; StaleVersion for a page that is old."""
    rows = RetroBonusAccrual.objects.visible_to(by).select_for_update(of=("self",))
    accrual: RetroBonusAccrual = rows.select_related("client__org_unit", "agreement__contract").get(
        pk=accrual_id
    )
    if accrual.version != version:
        raise StaleVersion(of=accrual)
    return accrual


def _counted(bonus: Bonus) -> dict[str, Any]:
    return {
        "base": bonus.base,
        "rate": bonus.rate,
        "amount": bonus.amount,
        "is_capped": bonus.is_capped,
    }


def _deciders(accrual: RetroBonusAccrual) -> Any:
    """Who may approve it: the head of the client's department, or the directors."""
    people = User.objects.filter(is_active=True)
    if accrual.amount > permissions.head_limit():
        return people.filter(role=Role.DIRECTOR)
    heads = list(people.filter(role=Role.DEPARTMENT_HEAD))
    return [head for head in heads if permissions.decides_for(head, accrual.client)]


def _tell(people: Any, kind: str, accrual: RetroBonusAccrual) -> None:
    notify_many(
        people,
        kind=kind,
        params={"client": accrual.client.name, "amount": format_money(accrual.amount)},
        url=accrual.get_absolute_url(),
        dedupe_key=f"{kind}:{accrual.pk}:{accrual.version}",
        email=False,
    )


@transaction.atomic
def _tell_accounting(made: int, today: date) -> None:
    notify_many(
        User.objects.filter(role=Role.ACCOUNTANT, is_active=True),
        kind="retro.calculated",
        params={"count": made},
        url=f"{reverse('deals:retro_accruals')}?state=calculated",
        dedupe_key=f"retro.calculated:{today}",
        email=False,
    )
