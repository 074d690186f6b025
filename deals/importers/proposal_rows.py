"""One pass over a file of proposals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.core.exceptions import ValidationError

from crm.copying import copy_values
from crm.imports import synonyms, values
from crm.imports.reading import Line, columns_of, header_key
from crm.imports.registry import Change, Outcome, Result, Run
from crm.money import format_money
from crm.said import gettext as _
from crm.said import label
from deals.importers.days import DayReader, date_order
from deals.importers.numbers import money
from deals.importers.parties import NOBODY, Parties, Party, read_party
from deals.models import Product, Proposal, ProposalLine, ProposalState

DAYS = ("day", "closed")
ANSWERED = frozenset({ProposalState.ACCEPTED.value, ProposalState.DECLINED.value})
MOST = Decimal(10) ** 13
COLUMNS = (
    *("number", "external_id", "client_id", "state", "dated_on", "sent_on", "answered_on"),
    "total",
)
LINE_COLUMNS = ("proposal_id", "product_id", "price", "net_price", "amount")


@dataclass(slots=True)
class ProposalFacts:
    """A proposal that may be imported."""

    number: str
    state: str
    sent_on: date | None
    answered_on: date | None
    party: Party
    product_id: int
    product: str
    amount: Decimal


class Proposals:
    """The importer of proposals; a product that the catalogue does not name is refused."""

    def __init__(self, run: Run, lines: Sequence[Line]) -> None:
        self.run = run
        run.facts |= {"clients_created": 0}
        columns = [run.columns[name] for name in DAYS if name in run.columns]
        cells = {cell for row in columns_of(lines, columns) for cell in row}
        self.days = DayReader(date_order(cells, run.options["date_order"]))
        self.parties = Parties(run)
        self.stages = {
            word: state for state, words in synonyms.PROPOSAL_STAGES.items() for word in words
        }
        self.products = self._products()
        self.seen: dict[str, int] = {}

    @staticmethod
    def _products() -> dict[str, int]:
        """By name and by article; a name that two products bear means none of them."""
        found: dict[str, int] = {}
        twice: set[str] = set()
        for pk, sku, name in Product.objects.open().values_list("pk", "sku", "name"):
            key = name.casefold()
            twice |= {key} if found.setdefault(key, pk) != pk else set()
            found.setdefault(sku.casefold(), pk)
        return {key: pk for key, pk in found.items() if key not in twice}

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
        rows = Proposal.objects.filter(external_id__in=[o.plan.number for o in read])
        known = {row.external_id: row for row in rows}
        for outcome in read:
            self._decide(outcome, known.get(outcome.plan.number))
        return outcomes

    def _read(self, outcome: Outcome) -> ProposalFacts:
        row = self.run.values(outcome.line)
        if "number" not in row:
            raise ValidationError(_("There is no number."))
        number = values.text(row["number"], 100)
        outcome.title = f"{number} · {row.get('client', '')}"
        first = self.seen.setdefault(number, outcome.line.number)
        if first != outcome.line.number:
            raise ValidationError(_("The same number stands in row %(row)s.") % {"row": first})
        state = self._state(row.get("stage", ""))
        sent_on = self._day(row, "day", needed=state != ProposalState.DRAFT)
        answered_on = self._day(row, "closed", needed=True) if state in ANSWERED else None
        if sent_on and answered_on and answered_on < sent_on:
            raise ValidationError(_("The answer is earlier than the proposal."))
        product = values.text(row.get("product", ""), 300)
        return ProposalFacts(
            number=number,
            state=state,
            sent_on=sent_on,
            answered_on=answered_on,
            party=read_party(row),
            product_id=self._product(product),
            product=product,
            amount=_amount(row.get("amount", "")),
        )

    def _state(self, cell: str) -> str:
        state = self.stages.get(header_key(cell))
        if state is None:
            raise ValidationError(_("“%(text)s” is not a proposal state.") % {"text": cell[:30]})
        return state

    def _day(self, row: dict[str, str], name: str, *, needed: bool) -> date | None:
        if name in row:
            return self.days.read(row[name])
        if needed:
            raise ValidationError(_("There is no date."))
        return None

    def _product(self, name: str) -> int:
        found = self.products.get(name.casefold())
        if found is None:
            text = _("The catalogue has no product “%(name)s”.") % {"name": name[:60]}
            raise ValidationError(text)
        return found

    def _decide(self, outcome: Outcome, known: Proposal | None) -> None:
        facts: ProposalFacts = outcome.plan
        if known is not None:
            outcome.result = Result.UNCHANGED
            if (known.state, known.total) != (facts.state, facts.amount):
                text = _("It is here already, in the state “%(state)s”: left as it is.")
                outcome.warnings.append(text % {"state": ProposalState(known.state).label})
        elif facts.party == NOBODY:
            self._refuse(outcome, _("No client is named."))
        elif reason := self.parties.refusal(facts.party):
            self._refuse(outcome, reason)
        else:
            outcome.result = Result.CREATED

    @staticmethod
    def _refuse(outcome: Outcome, reason: str) -> None:
        outcome.result, outcome.reason, outcome.plan = Result.REFUSED, reason, None

    # Writing

    def write(self, outcomes: list[Outcome]) -> None:
        """Write one portion."""
        plans = [o.plan for o in outcomes if o.result == Result.CREATED]
        if not plans:
            return
        self.parties.create()
        ids = copy_values(
            Proposal,
            COLUMNS,
            [self._row(plan) for plan in plans],
            is_imported=True,
            author_id=self.run.author_id,
        )
        self.run.journal.add(Proposal, ids)
        rows = [
            (pk, plan.product_id, plan.amount, plan.amount, plan.amount)
            for pk, plan in zip(ids, plans, strict=True)
        ]
        made = copy_values(ProposalLine, LINE_COLUMNS, rows, position=1, quantity=Decimal(1))
        self.run.journal.add(ProposalLine, made)

    def _row(self, plan: ProposalFacts) -> tuple[object, ...]:
        owner = self.parties.owner(plan.party)
        assert owner is not None
        return (
            *(plan.number, plan.number, owner.client_id, plan.state),
            *(plan.sent_on or self.run.today, plan.sent_on, plan.answered_on, plan.amount),
        )

    def finish(self) -> None:
        """Nothing is left for the end."""

    def explain(self, outcome: Outcome) -> list[Change]:
        """What will be written, in words."""
        facts: ProposalFacts | None = outcome.plan
        if facts is None or outcome.result == Result.UNCHANGED:
            return []
        shown = [
            (_("Client"), facts.party.shown),
            (_("Product"), facts.product),
            (_("State"), label(ProposalState(facts.state).label)),
            (_("Amount"), format_money(facts.amount)),
        ]
        return [Change(what, "", text) for what, text in shown]


def _amount(cell: str) -> Decimal:
    """What was agreed; nothing as long as nobody has said."""
    amount = money(cell) if cell else Decimal(0)
    if not 0 <= amount < MOST:
        raise ValidationError(_("The amount of a proposal is not negative."))
    return amount
