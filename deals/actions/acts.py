"""Acts of reconciliation: made from our documents, sent, signed or disputed (D.3, REC-2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from clients.models import Counterparty
from crm.accounts.models import User
from crm.calendar import half_start
from crm.errors import RuleViolation
from crm.history import verb
from crm.numbering import format_number, take_numbers
from crm.states import move
from deals import permissions
from deals.actions.contracts import absent
from deals.actions.reconciliations import locked_item
from deals.conditions.signing import widest_power
from deals.models import (
    ITEM_MOVES,
    ActChannel,
    ActLine,
    ActLink,
    ItemState,
    Payment,
    ReconciliationAct,
    ReconciliationItem,
    Shipment,
    ShipmentKind,
    SignatoryAuthority,
)
from deals.receivables.settlements import Documents, Entry

PREFIX = "ACT"
ZERO = Decimal(0)


@dataclass(frozen=True)
class Period:
    """What an act covers: days, both included, and one contract or all of them."""

    first: date
    last: date
    contract_id: int | None = None


@dataclass(frozen=True)
class Balance:
    """Both balances and the turnovers of a period with its documents, roubles with VAT."""

    opening: Decimal
    entries: list[Entry]

    @property
    def debit(self) -> Decimal:
        """What raised the debt."""
        return sum((entry.debit for entry in self.entries), ZERO)

    @property
    def credit(self) -> Decimal:
        """What lowered the debt."""
        return sum((entry.credit for entry in self.entries), ZERO)

    @property
    def closing(self) -> Decimal:
        """Positive is owed to us, negative is the client's advance."""
        return self.opening + self.debit - self.credit


@dataclass(frozen=True)
class Signature:
    """Who signed for the client, by what and when."""

    on: date
    signatory: str
    position: str
    authority: str
    details: str = ""


def balance_of(client_id: int, period: Period) -> Balance:
    """The settlements of a client over the period; who may see them is decided before.

    A document of nothing, a gift for example, stands in no act.
    """
    documents = Documents.of(client_id, contract_id=period.contract_id)
    entries = [one for one in documents.entries(period.first, period.last) if one.change]
    return Balance(documents.opening(period.first), entries)


def balances_of(client_id: int, period: Period) -> tuple[Decimal, Decimal]:
    """Opening and closing balance alone, without reading the documents."""
    documents = Documents.of(client_id, contract_id=period.contract_id)
    after = period.last + timedelta(days=1)
    return documents.opening(period.first), documents.opening(after)


def first_day(item: ReconciliationItem) -> date:
    """An act begins where the last signed one ended, else with the half-year of its day."""
    signed = ReconciliationAct.objects.signed().filter(
        client=item.client_id, contract=item.contract_id, date_to__lt=item.as_of
    )
    last = signed.order_by("-date_to").values_list("date_to", flat=True).first()
    if last is not None:
        following: date = last + timedelta(days=1)
        return following
    return half_start(item.as_of)


@transaction.atomic
def make_act(
    item_id: int, *, by: User, version: int, today: date, first: date | None = None
) -> ReconciliationAct:
    """Write the act of an item, or a new revision of one that nobody has signed.

    The client's links to the older text end. Raises RuleViolation before the day of the item and
    for a period that ends before it begins.
    """
    item = locked_item(item_id, by, version)
    if not permissions.can_make_act(by, item):
        raise PermissionDenied
    if item.as_of > today:
        raise RuleViolation(_("The day of the reconciliation has not come yet."))
    period = Period(first or first_day(item), item.as_of, item.contract_id)
    if period.first > period.last:
        raise RuleViolation(_("The period ends before it begins."), field="first")
    with verb("reconciliation.act_made", by=by, on_behalf_of=absent(by, item.client)):
        act = _write(item, period, by=by, today=today)
        move(item, ITEM_MOVES, ItemState.ACT_CREATED)
    return act


def _write(item: ReconciliationItem, period: Period, *, by: User, today: date) -> ReconciliationAct:
    found = balance_of(item.client_id, period)
    act = ReconciliationAct.objects.filter(item=item).first()
    if act is None:
        number = take_numbers("reconciliation_act", year=today.year)[0]
        act = ReconciliationAct(item=item, number=format_number(PREFIX, today.year, number))
    else:
        act.revision, act.version = act.revision + 1, act.version + 1
        act.channel, act.sent_to, act.sent_on = "", "", None
        act.lines.all().delete()
        revoke_links(act)
    act.client, act.contract = item.client, item.contract
    act.counterparty = Counterparty.objects.filter(client=item.client_id).order_by("pk").first()
    act.date_from, act.date_to = period.first, period.last
    act.opening, act.debit, act.credit = found.opening, found.debit, found.credit
    act.closing = found.closing
    act.made_by, act.made_at, act.our_signatory = by, timezone.now(), _signatory(item, by)
    act.our_authority = widest_power(act.our_signatory, today)
    act.save()
    with translation.override("ru"):  # a paper of the client
        ActLine.objects.bulk_create(
            _line(act, place, entry) for place, entry in enumerate(found.entries, start=1)
        )
    return act


def _signatory(item: ReconciliationItem, by: User) -> User:
    return item.client.manager or by


def _line(act: ReconciliationAct, position: int, entry: Entry) -> ActLine:
    record = entry.record
    kind = {Shipment: "shipment", Payment: "payment"}.get(type(record), "invoice")
    return ActLine(
        act=act,
        position=position,
        day=entry.day,
        text=words_of(entry)[:300],
        number=entry.number[:100],
        debit=entry.debit,
        credit=entry.credit,
        **{kind: record},
    )


def words_of(entry: Entry) -> str:
    """How a document is called in an act (D.3)."""
    record = entry.record
    if isinstance(record, Payment):
        back = record.direction == "out"
        text = _("Refund to the buyer no. %(n)s") if back else _("Receipt on the account no. %(n)s")
    elif isinstance(record, Shipment):
        text = {
            ShipmentKind.RETURN: _("Return from the buyer no. %(n)s"),
            ShipmentKind.ADJUSTMENT: _("Adjustment of the sale no. %(n)s"),
        }.get(ShipmentKind(record.kind), _("Sale (UPD) no. %(n)s"))
        if record.reverses_id:
            text = _("Reversal no. %(n)s")
    else:
        text = _("Debt by invoice no. %(n)s")
    return (text % {"n": entry.number or "—"}).strip()


@transaction.atomic
def send_act(
    item_id: int, *, by: User, version: int, channel: str, sent_to: str, on: date, today: date
) -> ReconciliationItem:
    """Note that the act went out on paper or by EDO, or that its link was sent."""
    item = locked_item(item_id, by, version)
    if not permissions.can_send_act(by, item):
        raise PermissionDenied
    _check_day(item, on, today)
    act = _act_of(item)
    with verb("reconciliation.sent", by=by, on_behalf_of=absent(by, item.client)):
        act.channel, act.sent_to = ActChannel(channel), sent_to.strip()[:300]
        act.sent_on = act.sent_on or on
        _save(act, "channel", "sent_to", "sent_on")
        move(item, ITEM_MOVES, ItemState.SENT, sent_on=item.sent_on or on)
    return item


@transaction.atomic
def sign_act(
    item_id: int, signature: Signature, *, by: User, version: int, today: date
) -> ReconciliationItem:
    """Note the signed copy: by whom, by what authority; without authority limitation goes on."""
    item = locked_item(item_id, by, version)
    if not permissions.can_sign_act(by, item):
        raise PermissionDenied
    _check_day(item, signature.on, today)
    if signature.authority == SignatoryAuthority.POWER_OF_ATTORNEY and not signature.details:
        raise RuleViolation(_("Name the power of attorney."), field="details")
    with verb("reconciliation.signed", by=by, on_behalf_of=absent(by, item.client)):
        close_as_signed(item, signature)
    return item


def close_as_signed(item: ReconciliationItem, signature: Signature) -> None:
    """Of a locked item: both sides agree; refuses while a difference is open."""
    act = _act_of(item)
    if act.discrepancies.unresolved().exists():  # type: ignore[attr-defined]
        raise RuleViolation(_("Differences are open: clear them up first."))
    act.signatory, act.signatory_position = signature.signatory, signature.position
    act.signatory_authority, act.authority_details = signature.authority, signature.details
    if signature.authority != SignatoryAuthority.DEEMED:  # nothing came back then
        act.returned_on = act.returned_on or signature.on
    _save(
        act, "signatory", "signatory_position", "signatory_authority", "authority_details",
        "returned_on",
    )  # fmt: skip
    revoke_links(act)
    move(item, ITEM_MOVES, ItemState.SIGNED, signed_on=signature.on, manager=item.client.manager)


def revoke_links(act: ReconciliationAct) -> None:
    """End the personal links that are open."""
    ActLink.objects.filter(act=act, revoked_at=None, answered_at=None).update(
        revoked_at=timezone.now()
    )


def _act_of(item: ReconciliationItem) -> ReconciliationAct:
    return ReconciliationAct.objects.select_for_update().get(item=item)


def _check_day(item: ReconciliationItem, on: date, today: date) -> None:
    if on > today:
        raise RuleViolation(_("The day has not come yet."), field="on")
    if on < item.as_of:
        raise RuleViolation(_("This is before the day of the act."), field="on")


def _save(act: ReconciliationAct, *names: str) -> None:
    act.version += 1
    act.save(update_fields=[*names, "version"])
