"""One pass over a file of invoices."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.exceptions import ValidationError

from crm.imports import values
from crm.imports.reading import Line, columns_of
from crm.imports.registry import Change, Outcome, Result, Run
from crm.money import format_money
from crm.said import gettext as _
from deals.importers.days import DayReader, date_order
from deals.importers.invoice_facts import InvoiceFacts, InvoiceReader
from deals.importers.invoice_writing import InvoiceWriter
from deals.importers.parties import NOBODY, Parties
from deals.models import Invoice

DAYS = ("day", "due", "settled")


class Invoices:
    """The importer of invoices."""

    def __init__(self, run: Run, lines: Sequence[Line]) -> None:
        self.run = run
        run.facts |= {"payments_created": 0, "clients_created": 0}
        columns = [run.columns[name] for name in DAYS if name in run.columns]
        cells = {cell for row in columns_of(lines, columns) for cell in row}
        self.reader = InvoiceReader(DayReader(date_order(cells, run.options["date_order"])))
        self.parties = Parties(run)
        self.writer = InvoiceWriter(run, self.parties)
        self.seen: dict[str, int] = {}

    # Deciding

    def decide(self, lines: Sequence[Line]) -> list[Outcome]:
        """Say of every row what becomes of it."""
        outcomes = [Outcome(line, Result.REFUSED) for line in lines]
        for outcome in outcomes:
            try:
                outcome.plan = self._read(outcome)
            except ValidationError as error:
                outcome.reason = values.reason(error)
        read = [outcome for outcome in outcomes if outcome.plan is not None]
        self.parties.load(outcome.plan.party for outcome in read)
        known = self._known([outcome.plan.external_id for outcome in read])
        for outcome in read:
            self._decide(outcome, known.get(outcome.plan.external_id))
        return outcomes

    def _read(self, outcome: Outcome) -> InvoiceFacts:
        facts = self.reader.read(self.run.values(outcome.line))
        outcome.title = f"{facts.number} · {facts.party.shown}"
        first = self.seen.setdefault(facts.external_id, outcome.line.number)
        if first != outcome.line.number:
            raise ValidationError(
                _("The same number and date stand in row %(row)s.") % {"row": first}
            )
        return facts

    def _known(self, external_ids: list[str]) -> dict[str, Invoice]:
        rows = Invoice.objects.filter(external_id__in=external_ids).exclude(external_id="")
        return {invoice.external_id: invoice for invoice in rows}

    def _decide(self, outcome: Outcome, known: Invoice | None) -> None:
        facts: InvoiceFacts = outcome.plan
        if known is not None:
            self._compare(outcome, facts, known)
        elif facts.party == NOBODY:
            self._refuse(outcome, _("No client is named."))
        elif reason := self.parties.refusal(facts.party):
            self._refuse(outcome, reason)
        else:
            outcome.result = Result.CREATED
            self.run.facts["payments_created"] += facts.settled_on is not None

    def _compare(self, outcome: Outcome, facts: InvoiceFacts, known: Invoice) -> None:
        """A later file may bring a settled day and the mark of a dispute, nothing else."""
        outcome.result = Result.UNCHANGED
        facts.known = known
        if known.amount != facts.amount:
            amount = format_money(known.amount)
            text = _("The invoice is here already, with the amount %(amount)s: left as it is.")
            outcome.warnings.append(text % {"amount": amount})
            return
        facts.pays = facts.settled_on is not None and known.open_amount > 0
        facts.disputes = facts.disputed is not None and facts.disputed != known.is_disputed
        if facts.pays or facts.disputes:
            outcome.result = Result.UPDATED
            self.run.facts["payments_created"] += facts.pays

    @staticmethod
    def _refuse(outcome: Outcome, reason: str) -> None:
        outcome.result, outcome.reason, outcome.plan = Result.REFUSED, reason, None

    # Writing

    def write(self, outcomes: list[Outcome]) -> None:
        """Write one portion."""
        self.writer.create([o.plan for o in outcomes if o.result == Result.CREATED])
        self.writer.update([o.plan for o in outcomes if o.result == Result.UPDATED])

    def finish(self) -> None:
        """Nothing is left for the end."""

    def explain(self, outcome: Outcome) -> list[Change]:
        """What will be written, in words."""
        facts: InvoiceFacts | None = outcome.plan
        if facts is None or outcome.result == Result.UNCHANGED:
            return []
        known = facts.known
        shown = [
            (_("Client"), facts.party.shown if known is None else ""),
            (_("Amount"), format_money(facts.amount) if known is None else ""),
            (_("Due on"), f"{facts.due_on:%d.%m.%Y}" if facts.due_on and known is None else ""),
            (_("Settled on"), f"{facts.settled_on:%d.%m.%Y}" if facts.settled_on else ""),
            (_("Disputed"), _("Yes") if facts.disputed else ""),
        ]
        return [Change(what, "", text) for what, text in shown if text]
