"""Price lists: prepared, filled by pasting, approved as a whole, ended (DL-02)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.accounts.models import User
from crm.errors import RuleViolation, StaleVersion
from crm.history import verb
from crm.money import round_half_up
from crm.refusals import Sentence, politely
from crm.states import check_move, move
from deals import permissions
from deals.actions.price_changes import begin_change
from deals.models import PRICE_LIST_MOVES, PriceList, PriceListLine, PriceListState

HUNDRED = Decimal(100)
ONE_A_DAY: dict[str, Sentence] = {
    "price_list_one_a_day": (gettext_lazy("Another list of this kind is in force then."), None),
}
_WRONG_STATE = gettext_lazy("The document is not in a state for this.")


@dataclass(frozen=True)
class Price:
    """A price and the lowest one, roubles with VAT."""

    product_id: int
    price: Decimal
    min_price: Decimal


@transaction.atomic
def create_price_list(
    *,
    by: User,
    key: UUID,
    kind: str,
    name: str,
    valid_from: date,
    copied: bool = False,
    change_percent: Decimal = Decimal(0),
) -> PriceList:
    """Begin a draft, empty or with the prices in force on its first day, changed by a percentage.

    Once per `key`. The lowest prices change by the same percentage.
    """
    _allow(by)
    before = PriceList.objects.filter(idempotency_key=key, created_by=by).first()
    if before is not None:
        return before
    if change_percent <= -HUNDRED:
        raise RuleViolation(_("Prices would be nothing."), field="change_percent")
    with verb("price_list.created", by=by):
        made = PriceList.objects.create(
            kind=kind, name=name, valid_from=valid_from, created_by=by, idempotency_key=key
        )
        if copied:
            _copy(made, HUNDRED + change_percent)
    return made


def _copy(made: PriceList, percent: Decimal) -> None:
    source = PriceListLine.objects.in_force(made.kind, made.valid_from)
    PriceListLine.objects.bulk_create(
        PriceListLine(
            price_list=made,
            product_id=product_id,
            price=max(round_half_up(price * percent / HUNDRED), Decimal("0.01")),
            min_price=round_half_up(lowest * percent / HUNDRED),
        )
        for product_id, price, lowest in source.filter(product__archived_at=None).values_list(
            "product", "price", "min_price"
        )
    )


@transaction.atomic
def edit_price_list(
    list_id: int, *, by: User, version: int, kind: str, name: str, valid_from: date
) -> PriceList:
    """Change the head of a draft; StaleVersion when somebody was faster."""
    found = _draft(list_id, by, version)
    with verb("price_list.edited", by=by):
        found.kind, found.name, found.valid_from = kind, name, valid_from
        found.version += 1
        found.save(update_fields=["kind", "name", "valid_from", "version"])
    return found


@transaction.atomic
def set_prices(list_id: int, *, by: User, version: int, prices: Sequence[Price]) -> PriceList:
    """Add the prices to a draft; those of products that it has already are replaced."""
    found = _draft(list_id, by, version)
    wrong = [row for row in prices if row.price <= 0 or not 0 <= row.min_price <= row.price]
    if wrong:
        raise RuleViolation(_("The lowest price is not above the price, and both are more than 0."))
    with verb("price_list.filled", by=by):
        PriceListLine.objects.bulk_create(
            [
                PriceListLine(
                    price_list=found,
                    product_id=row.product_id,
                    price=row.price,
                    min_price=row.min_price,
                )
                for row in prices
            ],
            update_conflicts=True,
            unique_fields=["price_list", "product"],
            update_fields=["price", "min_price"],
        )
        _touch(found)
    return found


@transaction.atomic
def drop_price(list_id: int, *, by: User, version: int, product_id: int) -> PriceList:
    """Take a product out of a draft."""
    found = _draft(list_id, by, version)
    with verb("price_list.filled", by=by):
        found.lines.filter(product=product_id).delete()
        _touch(found)
    return found


@transaction.atomic
def approve_price_list(list_id: int, *, by: User, version: int) -> PriceList:
    """Let the list hold from its first day; the one of the kind before it ends on that day.

    Where prices change, the change begins whose notices go to the clients concerned.

    Raises RuleViolation for an empty list, or where a later one of the kind stands.
    """
    if not permissions.can_approve_prices(by):
        raise PermissionDenied
    found = _locked(list_id, by, version)
    check_move(found, PRICE_LIST_MOVES, PriceListState.APPROVED, _WRONG_STATE)
    if not found.lines.exists():
        raise RuleViolation(_("The list has no prices yet."))
    same = PriceList.objects.approved().filter(kind=found.kind)
    before = same.select_for_update(of=("self",)).order_by("-valid_from").first()
    if before is not None and before.valid_from >= found.valid_from:
        text = _("A list of this kind from %(day)s is approved already; choose a later day.")
        raise RuleViolation(text % {"day": f"{before.valid_from:%d.%m.%Y}"})
    with verb("price_list.approved", by=by), politely(ONE_A_DAY):
        if before is not None and (before.valid_to is None or before.valid_to > found.valid_from):
            _end(before, found.valid_from)
        now = timezone.now()
        values = {"approved_by": by, "approved_at": now}
        move(found, PRICE_LIST_MOVES, PriceListState.APPROVED, _WRONG_STATE, **values)
        begin_change(found, before)
    return found


@transaction.atomic
def discard_price_list(list_id: int, *, by: User, version: int) -> PriceList:
    """Throw a draft away."""
    _allow(by)
    found = _locked(list_id, by, version)
    with verb("price_list.discarded", by=by):
        move(found, PRICE_LIST_MOVES, PriceListState.DISCARDED, _WRONG_STATE)
    return found


@transaction.atomic
def end_price_list(list_id: int, *, by: User, version: int, on: date) -> PriceList:
    """Let an approved list hold no more from a day on."""
    if not permissions.can_approve_prices(by):
        raise PermissionDenied
    found = _locked(list_id, by, version)
    if found.state != PriceListState.APPROVED:
        raise RuleViolation(_("Only an approved list is ended."))
    if on <= found.valid_from or (found.valid_to is not None and on > found.valid_to):
        raise RuleViolation(_("Choose a day inside the period of the list."), field="on")
    with verb("price_list.ended", by=by):
        _end(found, on)
    return found


def _end(found: PriceList, on: date) -> None:
    found.valid_to = on
    _touch(found, "valid_to")


def _touch(found: PriceList, *fields: str) -> None:
    found.version += 1
    found.save(update_fields=[*fields, "version"])


def _allow(by: User) -> None:
    if not permissions.can_edit_prices(by):
        raise PermissionDenied


def _draft(list_id: int, by: User, version: int) -> PriceList:
    _allow(by)
    found = _locked(list_id, by, version)
    if found.state != PriceListState.DRAFT:
        raise RuleViolation(_("Only a draft is changed; prepare a new list."))
    return found


def _locked(list_id: int, by: User, version: int) -> PriceList:
    rows = PriceList.objects.visible_to(by).select_for_update(of=("self",))
    found: PriceList = rows.get(pk=list_id)
    if found.version != version:
        raise StaleVersion(of=found)
    return found
