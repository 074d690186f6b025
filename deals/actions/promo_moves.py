"""What becomes of an approved promo: it begins and ends by the clock, its effect is counted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.accounts.models import User
from crm.errors import RuleViolation
from crm.history import verb
from crm.notices.actions import notify
from crm.states import move
from deals import permissions
from deals.actions.promos import locked_promo, refuse_past
from deals.models import PROMO_MOVES, PromoCampaign, PromoCost, PromoCostKind, PromoState
from deals.promos.promo_effect import as_kept, effect_of, figures_of
from deals.querysets import PromoQuerySet


def approve_promo(promo: PromoCampaign, *, by: User, today: date) -> None:
    """Let a locked promo stand; one whose first day has come runs at once."""
    refuse_past(promo, today)
    now = timezone.now()
    move(promo, PROMO_MOVES, PromoState.APPROVED, approved_by=by, approved_at=now)
    if promo.starts_on <= today:
        move(promo, PROMO_MOVES, PromoState.RUNNING)


@transaction.atomic
def analyse_promo(
    promo_id: int,
    *,
    by: User,
    version: int,
    today: date,
    conclusion: str,
    margin_pct: Decimal | None,
    cost_of_goods: Decimal | None,
    actual_costs: Mapping[str, Decimal | None],
) -> PromoCampaign:
    """Keep the effect as the books say it today; may be done anew until the promo is closed."""
    promo = locked_promo(promo_id, by, version)
    if not permissions.can_analyse_promo(by, promo):
        raise PermissionDenied
    if not conclusion.strip():
        raise RuleViolation(_("Say what the promo has shown."), field="conclusion")
    promo.margin_pct, promo.cost_of_goods = margin_pct, cost_of_goods
    with verb("promo.analysed", by=by):
        _write_costs(promo, actual_costs)
        figures = figures_of(promo, today=today)
        move(
            promo,
            PROMO_MOVES,
            PromoState.ANALYSED,
            margin_pct=margin_pct,
            cost_of_goods=cost_of_goods,
            effect=as_kept(figures, effect_of(figures)),
            conclusion=conclusion.strip(),
            analysed_on=today,
            analysed_by=by,
        )
    return promo


@transaction.atomic
def close_promo(promo_id: int, *, by: User, version: int) -> PromoCampaign:
    """Nothing changes any more; only what has its effect counted is closed."""
    promo = locked_promo(promo_id, by, version)
    if not permissions.can_close_promo(by, promo):
        raise PermissionDenied
    with verb("promo.closed", by=by):
        move(promo, PROMO_MOVES, PromoState.CLOSED)
    return promo


def turn_promos(*, today: date) -> int:
    """Daily 00:05: begin those whose first day has come, then end those whose last has gone by.

    How many moves; twice is once, and a promo that began and ended in an outage does both.
    """
    return _turn_each(today, PromoState.RUNNING) + _turn_each(today, PromoState.FINISHED)


def _turn_each(today: date, state: PromoState) -> int:
    ids = list(_due(today, state).order_by("pk").values_list("pk", flat=True))
    return sum(_turn(pk, today, state) for pk in ids)


def _due(today: date, state: PromoState) -> PromoQuerySet:
    rows = PromoCampaign.objects
    return rows.to_begin(today) if state == PromoState.RUNNING else rows.over(today)


@transaction.atomic
def _turn(promo_id: int, today: date, state: PromoState) -> int:
    rows = _due(today, state).select_for_update(of=("self",))
    promo: PromoCampaign | None = rows.filter(pk=promo_id).first()
    if promo is None:
        return 0  # somebody called it off meanwhile
    with verb(f"promo.{state.value}", by=None):
        move(promo, PROMO_MOVES, state)
    if state == PromoState.FINISHED:
        notify(
            promo.author_id,
            kind="promo.finished",
            params={"promo": promo.name},
            url=promo.get_absolute_url(),
            dedupe_key=f"promo.finished:{promo.pk}",
            email=False,
        )
    return 1


def _write_costs(promo: PromoCampaign, actual: Mapping[str, Decimal | None]) -> None:
    """What each kind has cost; a kind that was not planned gets its line."""
    known = {row.kind: row for row in promo.costs.all()}
    for place, kind in enumerate(PromoCostKind.values):
        value, row = actual.get(kind), known.get(kind)
        if row is None and value:
            position = len(PromoCostKind.values) + place
            PromoCost.objects.create(promo=promo, kind=kind, actual=value, position=position)
        elif row is not None and row.actual != value:
            row.actual = value
            row.save(update_fields=["actual"])
