"""Promos written, changed, sent to marketing and called off (C.5 no. 29)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from clients.models import Client
from crm.accounts.models import Role, User
from crm.approvals import actions as approvals
from crm.approvals.models import Approval
from crm.errors import RuleViolation, StaleVersion
from crm.history import verb
from crm.lines import write_lines
from crm.numbering import one_at_a_time
from crm.states import check_move, move
from crm.work.registry import setting
from deals import permissions
from deals.models import (
    PROMO_MOVES,
    Product,
    ProductGroup,
    PromoCampaign,
    PromoClient,
    PromoCost,
    PromoCostKind,
    PromoGoods,
    PromoKind,
    PromoState,
)

KIND = "promo.marketing"


@dataclass(frozen=True)
class PromoValues:
    """What a promo says; sums are roubles with VAT, both days are inside the period."""

    name: str
    kind: str
    mechanics: str
    starts_on: date
    ends_on: date
    planned_sales: Decimal
    brand: str = ""
    discount_pct: Decimal = Decimal(0)
    margin_pct: Decimal | None = None
    categories: Sequence[str] = ()
    channels: Sequence[str] = ()
    groups: Sequence[ProductGroup] = ()
    products: Sequence[Product] = ()
    clients: Sequence[Client] = ()
    planned_costs: Mapping[str, Decimal] = field(default_factory=dict)


COLUMNS = (
    "name",
    "kind",
    "mechanics",
    "starts_on",
    "ends_on",
    "planned_sales",
    "brand",
    "discount_pct",
    "margin_pct",
)


@transaction.atomic
def create_promo(values: PromoValues, *, by: User, key: UUID, today: date) -> PromoCampaign:
    """A draft of the author's unit, of the whole company where the director writes it; once per
    `key`, however often it is sent."""
    if not permissions.can_write_promos(by):
        raise PermissionDenied
    one_at_a_time(key)
    known: PromoCampaign | None = PromoCampaign.objects.filter(
        idempotency_key=key, author=by
    ).first()
    if known is not None:
        return known
    unit = None if by.role == Role.DIRECTOR else by.org_unit
    promo = PromoCampaign(author=by, org_unit=unit, idempotency_key=key)
    _check(values, promo, by, today)
    _put(promo, values)
    with verb("promo.drafted", by=by):
        promo.save(force_insert=True)
        _write_parts(promo, values)
    return promo


@transaction.atomic
def edit_promo(
    promo_id: int, values: PromoValues, *, by: User, version: int, today: date
) -> PromoCampaign:
    """Change a draft and become its author; StaleVersion when somebody was faster."""
    promo = locked_promo(promo_id, by, version)
    if not permissions.can_edit_promo(by, promo):
        raise PermissionDenied(_("Only a draft can be changed."))
    _check(values, promo, by, today)
    with verb("promo.edited", by=by):
        _put(promo, values)
        promo.author = by
        promo.version += 1
        names = [*COLUMNS, "categories", "channels", "author", "version"]
        promo.save(update_fields=names)
        _write_parts(promo, values)
    return promo


@transaction.atomic
def submit_promo(promo_id: int, *, by: User, version: int, today: date) -> Approval:
    """Send the author's draft to marketing."""
    promo = locked_promo(promo_id, by, version)
    if not permissions.can_submit_promo(by, promo):
        raise PermissionDenied
    check_move(promo, PROMO_MOVES, PromoState.ON_APPROVAL)
    refuse_past(promo, today)
    return approvals.submit(
        promo, kind=KIND, by=by, title=promo.name, org_unit=promo.org_unit, today=today
    )


@transaction.atomic
def withdraw_promo(promo_id: int, *, by: User, today: date) -> None:
    """Its author takes it back from marketing: a draft again."""
    promo = PromoCampaign.objects.visible_to(by).get(pk=promo_id)
    if not approvals.withdraw_running(promo, by=by, today=today):
        raise RuleViolation(_("It is not on its way to a decision."))


@transaction.atomic
def cancel_promo(promo_id: int, *, by: User, version: int, reason: str) -> PromoCampaign:
    """Call off what has not begun, with a reason."""
    promo = locked_promo(promo_id, by, version)
    if not permissions.can_cancel_promo(by, promo):
        raise PermissionDenied
    if not reason.strip():
        raise RuleViolation(_("Say why."), field="reason")
    with verb("promo.cancelled", by=by):
        move(promo, PROMO_MOVES, PromoState.CANCELLED, cancel_reason=reason.strip())
    return promo


def refuse_past(promo: PromoCampaign, today: date) -> None:
    """Raise RuleViolation for a promo whose last day has gone by."""
    if promo.ends_on < today:
        raise RuleViolation(_("The last day has passed: change the days."), field="ends_on")


def locked_promo(promo_id: int, by: User, version: int) -> PromoCampaign:
    """The visible promo, locked; StaleVersion for a page that is old."""
    rows = PromoCampaign.objects.visible_to(by).select_for_update(of=("self",))
    promo: PromoCampaign = rows.select_related("org_unit").get(pk=promo_id)
    if promo.version != version:
        raise StaleVersion(of=promo)
    return promo


def _put(promo: PromoCampaign, values: PromoValues) -> None:
    for name in COLUMNS:
        setattr(promo, name, getattr(values, name))
    promo.categories, promo.channels = list(values.categories), list(values.channels)


def _write_parts(promo: PromoCampaign, values: PromoValues) -> None:
    """Goods, clients and costs by difference: what stays keeps its row and its history."""
    chosen: list[dict[str, Any]] = [{"group": one} for one in values.groups]
    chosen += [{"product": one} for one in values.products]
    goods = [PromoGoods(promo=promo, position=n, **one) for n, one in enumerate(chosen)]
    write_lines(promo.goods.all(), goods, same=lambda row: (row.product_id, row.group_id))
    kinds = [kind for kind in PromoCostKind.values if values.planned_costs.get(kind)]
    costs = [
        PromoCost(promo=promo, position=n, kind=kind, planned=values.planned_costs[kind])
        for n, kind in enumerate(kinds)
    ]
    write_lines(promo.costs.all(), costs, same=lambda row: row.kind)
    wanted = {client.pk for client in values.clients}
    known = set(promo.named.values_list("client", flat=True))
    promo.named.filter(client__in=known - wanted).delete()
    PromoClient.objects.bulk_create(
        PromoClient(promo=promo, client_id=pk) for pk in sorted(wanted - known)
    )


def _check(values: PromoValues, promo: PromoCampaign, by: User, today: date) -> None:
    """Refuse days gone by, too long a period, a discount of nothing, clients of other units."""
    if values.ends_on < values.starts_on:
        raise RuleViolation(_("The last day is not before the first."), field="ends_on")
    if values.ends_on < today:
        raise RuleViolation(_("The last day has passed: change the days."), field="ends_on")
    longest = setting("promo.longest_days")
    if (values.ends_on - values.starts_on).days >= longest:
        text = _("A promo runs for %(days)s days at most.") % {"days": longest}
        raise RuleViolation(text, field="ends_on")
    if values.kind == PromoKind.DISCOUNT and not values.discount_pct:
        raise RuleViolation(_("Say how much the discount is."), field="discount_pct")
    unit = promo.org_unit
    if unit is None:
        return
    ids = [client.pk for client in values.clients]
    strange = Client.objects.filter(pk__in=ids).exclude(org_unit__path__startswith=unit.path)
    first = strange.order_by("sort_key", "pk").first()
    if first is not None:
        text = _("%(client)s is not a client of your unit.") % {"client": first}
        raise RuleViolation(text, field="clients")
