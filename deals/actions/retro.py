"""Retro bonus agreements written, sent for approval, put in force and ended (DL-15)."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.accounts.models import User
from crm.approvals import actions as approvals
from crm.approvals.limits import LimitRoute, route_for
from crm.approvals.models import Approval
from crm.errors import RuleViolation, StaleVersion
from crm.history import verb
from crm.money import format_percent
from crm.states import check_move, move
from crm.work.registry import setting
from deals import permissions
from deals.actions.contracts import absent, said
from deals.bonuses.retro import Tier, room_for_food
from deals.conditions.signature_limits import RETRO
from deals.models import (
    RETRO_MOVES,
    Contract,
    RetroBonusAgreement,
    RetroBonusTier,
    RetroState,
)

KIND = "retro.bonus"


@dataclass(frozen=True)
class RetroValues:
    """What an agreement says; tiers are roubles without VAT and percents."""

    valid_from: date
    tiers: Sequence[Tier]
    valid_to: date | None = None
    base: str = "shipments_net"
    period: str = "quarter"
    mode: str = "flat"
    is_food: bool = False
    services_pct: Decimal = Decimal(0)
    conditions: str = ""


FIELDS = tuple(name for name in RetroValues.__dataclass_fields__ if name != "tiers")


@transaction.atomic
def draft_retro(contract_id: int, *, by: User, values: RetroValues) -> RetroBonusAgreement:
    """Write a draft; of a contract there is one that is not decided yet."""
    rows = Contract.objects.visible_to(by).select_related("client__org_unit")
    contract: Contract = rows.get(pk=contract_id)
    if not permissions.can_write_retro(by, contract):
        raise PermissionDenied
    _check(contract, values)
    agreement = RetroBonusAgreement(contract=contract, client=contract.client, author=by)
    _put(agreement, values)
    try:
        with (
            transaction.atomic(),
            verb("retro.drafted", by=by, on_behalf_of=absent(by, contract.client)),
        ):
            agreement.save()
            _write_tiers(agreement, values.tiers)
    except IntegrityError as clash:
        if "retro_one_open_per_contract" not in str(clash):
            raise
        text = _("A retro bonus under this contract is being prepared already.")
        raise RuleViolation(text) from clash
    return agreement


@transaction.atomic
def edit_retro(
    agreement_id: int, *, by: User, version: int, values: RetroValues
) -> RetroBonusAgreement:
    """Change a draft and become its author; StaleVersion when somebody was faster."""
    agreement = locked_retro(agreement_id, by, version)
    if not permissions.can_edit_retro(by, agreement):
        raise PermissionDenied(_("Only a draft can be changed."))
    _check(agreement.contract, values)
    with verb("retro.edited", by=by, on_behalf_of=absent(by, agreement.client)):
        _put(agreement, values)
        agreement.author = by
        agreement.version += 1
        agreement.save(update_fields=[*FIELDS, "author", "version"])
        if tiers_of(agreement) != sorted(values.tiers):
            agreement.tiers.all().delete()
            _write_tiers(agreement, values.tiers)
    return agreement


@transaction.atomic
def submit_retro(agreement_id: int, *, by: User, version: int, today: date) -> Approval:
    """Send the author's draft to marketing, the accounting and the one whose limit covers it."""
    agreement = locked_retro(agreement_id, by, version)
    if not permissions.can_submit_retro(by, agreement):
        raise PermissionDenied
    check_move(agreement, RETRO_MOVES, RetroState.ON_APPROVAL)
    _check(agreement.contract, values_of(agreement))
    refuse_overlap(agreement)
    found = retro_route(agreement)
    if found.refusal:
        raise RuleViolation(found.refusal)
    client = agreement.client
    return approvals.submit(
        agreement,
        kind=KIND,
        by=by,
        title=f"{client.name}, {agreement.contract.number}",
        org_unit=client.org_unit,
        today=today,
        on_behalf_of=absent(by, client),
        limits=found,
    )


@transaction.atomic
def withdraw_retro(agreement_id: int, *, by: User, today: date) -> None:
    """Its author takes it back from its way: a draft again."""
    agreement = RetroBonusAgreement.objects.visible_to(by).get(pk=agreement_id)
    if not approvals.withdraw_running(agreement, by=by, today=today):
        raise RuleViolation(_("It is not on its way to a decision."))


@transaction.atomic
def discard_retro(agreement_id: int, *, by: User, version: int) -> None:
    """Give a draft up; another one may be written then."""
    agreement = locked_retro(agreement_id, by, version)
    if not permissions.can_edit_retro(by, agreement):
        raise PermissionDenied
    with verb("retro.discarded", by=by, on_behalf_of=absent(by, agreement.client)):
        move(agreement, RETRO_MOVES, RetroState.DISCARDED)


@transaction.atomic
def end_retro(
    agreement_id: int, *, by: User, version: int, reason: str, today: date
) -> RetroBonusAgreement:
    """End it from today on; what was earned until yesterday is counted in its turn."""
    agreement = locked_retro(agreement_id, by, version)
    if not permissions.can_end_retro(by, agreement):
        raise PermissionDenied
    how: dict[str, Any] = {"ended_on": today, "ended_by": by, "end_reason": said(reason)}
    with verb("retro.terminated", by=by, on_behalf_of=absent(by, agreement.client)):
        move(agreement, RETRO_MOVES, RetroState.TERMINATED, **how)
    return agreement


def approve_retro(agreement: RetroBonusAgreement, *, by: User) -> None:
    """Put a locked agreement in force.

    The contract is locked, so that of two approved at once the second sees the first.
    """
    Contract.objects.select_for_update(of=("self",), no_key=True).get(pk=agreement.contract_id)
    refuse_unlawful(values_of(agreement))
    refuse_overlap(agreement)
    now = timezone.now()
    move(agreement, RETRO_MOVES, RetroState.ACTIVE, approved_by=by, approved_at=now)


def expire_retro(*, today: date) -> int:
    """Daily: agreements whose last day has gone by; how many."""
    count = 0
    for pk in list(RetroBonusAgreement.objects.over(today).order_by("pk").values_list("pk")):
        count += _expire(pk[0], today)
    return count


@transaction.atomic
def _expire(agreement_id: int, today: date) -> int:
    rows = RetroBonusAgreement.objects.over(today).select_for_update(of=("self",))
    agreement = rows.filter(pk=agreement_id).first()
    if agreement is None:
        return 0  # somebody ended it meanwhile
    with verb("retro.expired", by=None):
        move(agreement, RETRO_MOVES, RetroState.EXPIRED)
    return 1


def retro_route(agreement: RetroBonusAgreement) -> LimitRoute:
    """Who decides about such a bonus: by the highest rate with the payment for services."""
    highest = max((tier.pct for tier in tiers_of(agreement)), default=Decimal(0))
    return route_for(RETRO, rate=highest + agreement.services_pct)


def tiers_of(agreement: RetroBonusAgreement) -> list[Tier]:
    """Its tiers, the lowest first."""
    return sorted(Tier(row.from_volume, row.pct) for row in agreement.tiers.all())


def values_of(agreement: RetroBonusAgreement) -> RetroValues:
    """What it says."""
    said_ = {name: getattr(agreement, name) for name in FIELDS}
    return RetroValues(tiers=tiers_of(agreement), **said_)


def food_room(agreement: RetroBonusAgreement | RetroValues) -> Decimal | None:
    """How many percent the law leaves for the bonus (`retro.food_cap_pct`); None: no bound."""
    if not agreement.is_food:
        return None
    return room_for_food(food_cap(), agreement.services_pct)


def food_cap() -> Decimal:
    """Bonus and services on food together, percent at most (`retro.food_cap_pct`)."""
    return Decimal(setting("retro.food_cap_pct"))


def refuse_unlawful(values: RetroValues) -> None:
    """RETRO-2: of food, bonus and services together are no more than the bound of the law."""
    room = food_room(values)
    if room is None:
        return
    cap = food_cap()
    if values.services_pct > cap:
        text = _("The law allows %(cap)s of the price of food for bonus and services together.")
        raise RuleViolation(text % {"cap": format_percent(cap)}, field="services_pct")
    for place, tier in enumerate(values.tiers, start=1):
        if tier.pct > room:
            text = _(
                "With %(services)s for services the law leaves %(room)s for a bonus on food"
                " (381-FZ, article 9: %(cap)s together)."
            ) % {
                "services": format_percent(values.services_pct),
                "room": format_percent(room),
                "cap": format_percent(cap),
            }
            raise RuleViolation(text, field=f"pct_{place}")


def refuse_overlap(agreement: RetroBonusAgreement) -> None:
    """Raise RuleViolation where another agreement of the contract holds on one of the days."""
    others = RetroBonusAgreement.objects.filter(contract=agreement.contract_id)
    others = others.was_in_force().exclude(pk=agreement.pk)
    if agreement.valid_to is not None:
        others = others.filter(valid_from__lte=agreement.valid_to)
    others = others.filter(Q(valid_to=None) | Q(valid_to__gte=agreement.valid_from))
    others = others.exclude(ended_on__lte=agreement.valid_from)
    clash = others.first()
    if clash is not None:
        text = _("Another retro bonus of this contract holds from %(first)s.") % {
            "first": f"{clash.valid_from:%d.%m.%Y}"
        }
        raise RuleViolation(text, field="valid_from")


def locked_retro(agreement_id: int, by: User, version: int) -> RetroBonusAgreement:
    """The visible agreement with contract and client, locked; StaleVersion for an old page."""
    rows = RetroBonusAgreement.objects.visible_to(by).select_for_update(of=("self",))
    rows = rows.select_related("client__org_unit", "contract__client")
    agreement: RetroBonusAgreement = rows.get(pk=agreement_id)
    if agreement.version != version:
        raise StaleVersion(of=agreement)
    return agreement


def _put(agreement: RetroBonusAgreement, values: RetroValues) -> None:
    for name in FIELDS:
        setattr(agreement, name, getattr(values, name))


def _write_tiers(agreement: RetroBonusAgreement, tiers: Sequence[Tier]) -> None:
    for tier in sorted(tiers):
        RetroBonusTier.objects.create(
            agreement=agreement, from_volume=tier.from_volume, pct=tier.pct
        )


def _check(contract: Contract, values: RetroValues) -> None:
    """Refuse days backwards or outside the contract, tiers that fall, what the law forbids."""
    if values.valid_to is not None and values.valid_to < values.valid_from:
        raise RuleViolation(_("The last day is not before the first."), field="valid_to")
    if contract.starts_on and values.valid_from < contract.starts_on:
        text = _("The contract holds from %(day)s.") % {"day": f"{contract.starts_on:%d.%m.%Y}"}
        raise RuleViolation(text, field="valid_from")
    last = values.valid_to or values.valid_from
    if contract.ends_on and not contract.auto_renew and last > contract.ends_on:
        text = _("The contract ends on %(day)s.") % {"day": f"{contract.ends_on:%d.%m.%Y}"}
        raise RuleViolation(text, field="valid_to")
    _check_tiers(values.tiers)
    refuse_unlawful(values)


def _check_tiers(tiers: Sequence[Tier]) -> None:
    if not any(tier.pct for tier in tiers):
        raise RuleViolation(_("Enter at least one tier with a bonus."), field="pct_1")
    for place, (lower, tier) in enumerate(itertools.pairwise(tiers), start=2):
        if tier.from_volume <= lower.from_volume:
            text = _("Each tier begins above the one before.")
            raise RuleViolation(text, field=f"from_{place}")
        if tier.pct < lower.pct:
            text = _("A higher tier does not give less than the one before.")
            raise RuleViolation(text, field=f"pct_{place}")
