"""One pass over a report of 1C about debts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError

from crm.imports import values
from crm.imports.reading import Line
from crm.imports.registry import Change, Outcome, Result, Run
from crm.money import format_money
from crm.said import gettext as _
from deals.importers.parties import Parties
from deals.importers.receivable_facts import INVOICE, PAYMENT, DebtReader, Debts, Item
from deals.importers.receivable_writing import DebtWriter
from deals.models import Invoice, Payment, Shipment

FACTS = ("invoices", "payments", "returns", "write_offs", "clients_created", "contracts_created")
Known = set[tuple[Any, ...]]


class Receivables:
    """The importer of debts."""

    def __init__(self, run: Run, lines: Sequence[Line]) -> None:  # noqa: ARG002  (as kinds start)
        self.run = run
        run.facts |= dict.fromkeys(FACTS, 0)
        self.reader = DebtReader(_day(run, "opening"), _day(run, "closing"))
        self.parties = Parties(run)
        self.writer = DebtWriter(run, self.parties)

    def decide(self, lines: Sequence[Line]) -> list[Outcome]:
        """Say of every row what becomes of it."""
        outcomes = [Outcome(line, Result.REFUSED) for line in lines]
        for outcome in outcomes:
            row = self.run.values(outcome.line)
            parts = (row.get("buyer"), row.get("contract"), row.get("document"))
            outcome.title = " · ".join(part for part in parts if part)
            try:
                outcome.plan = self.reader.read(row)
            except ValidationError as error:
                outcome.reason = values.reason(error)
        read = [outcome for outcome in outcomes if outcome.plan is not None]
        self.parties.load(outcome.plan.party for outcome in read)
        known = self._known([outcome.plan for outcome in read])
        for outcome in read:
            self._decide(outcome, known)
        return outcomes

    def _known(self, plans: list[Debts]) -> Known:
        """External ids that are here, and documents that came another way."""
        ids = [item.external_id for debts in plans for item in debts.items]
        numbers = {item.number for debts in plans for item in debts.items}
        known: Known = set()
        for model in (Invoice, Payment, Shipment):
            rows = model._default_manager.filter(external_id__in=ids).exclude(external_id="")
            known |= {(pk,) for pk in rows.values_list("external_id", flat=True)}
        invoices = Invoice.objects.filter(number__in=numbers)
        known |= set(invoices.values_list("client", "number", "issued_on"))
        shipments = Shipment.objects.filter(number__in=numbers, client__isnull=False)
        known |= set(shipments.values_list("client", "number", "posted_on"))
        payments = Payment.objects.filter(number__in=numbers, client__isnull=False)
        known |= set(payments.values_list("client", "number", "paid_on", "amount"))
        return known

    def _decide(self, outcome: Outcome, known: Known) -> None:
        debts: Debts = outcome.plan
        if reason := self.parties.refusal(debts.party):
            outcome.reason, outcome.plan = reason, None
            return
        owner = self.parties.owner(debts.party)
        client_id = owner.client_id if owner else None
        debts.items = [item for item in debts.items if not _is_known(item, client_id, known)]
        outcome.result = Result.CREATED if debts.items else Result.UNCHANGED
        for item in debts.items:
            self.run.count(_fact(item))

    def write(self, outcomes: list[Outcome]) -> None:
        """Write one portion."""
        self.writer.write([o.plan for o in outcomes if o.plan is not None and o.plan.items])

    def finish(self) -> None:
        """Let money and returns settle debts of their contracts."""
        if not self.run.dry:
            self.writer.finish()

    def explain(self, outcome: Outcome) -> list[Change]:
        """What will be written, in words."""
        debts: Debts | None = outcome.plan
        if debts is None:
            return []
        labels = {INVOICE: _("Invoice"), PAYMENT: _("Payment")}
        return [
            Change(
                labels.get(item.what, item.note or _("Return of goods")),
                "",
                f"{item.number} · {item.day:%d.%m.%Y} · {format_money(item.amount)}",
            )
            for item in debts.items
        ]


def _fact(item: Item) -> str:
    if item.note:
        return "write_offs"
    return {INVOICE: "invoices", PAYMENT: "payments"}.get(item.what, "returns")


def _is_known(item: Item, client_id: int | None, known: Known) -> bool:
    if (item.external_id,) in known:
        return True
    if client_id is None:
        return False
    if item.what == PAYMENT:
        return (client_id, item.number, item.day, item.amount) in known
    return (client_id, item.number, item.day) in known


def _day(run: Run, name: str) -> date:
    day: date = run.extra[name]
    return day
