"""What becomes of each document: kept, known already, not ours to keep, or refused and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from crm.imports.reading import Line
from crm.imports.registry import Outcome, Result
from crm.money import format_money, round_half_up
from deals.importers.commerceml.content import Paper
from deals.importers.commerceml.operations import KEPT, ROUBLES, Fate, external_id_of, fate_of
from deals.importers.commerceml.plans import Plan
from deals.importers.commerceml.sides import Sides
from deals.models import Invoice, Order, Payment, Product, Shipment

MOST_NAMED = 5
BUYER = "покупатель"  # our own role in it: we buy
MODELS: dict[Fate, tuple[Any, str]] = {
    Fate.ORDER: (Order, "dated_on"),
    Fate.SALE: (Shipment, "posted_on"),
    Fate.RETURN: (Shipment, "posted_on"),
    Fate.INVOICE: (Invoice, "issued_on"),
    Fate.PAYMENT: (Payment, "paid_on"),
    Fate.REFUND: (Payment, "paid_on"),
}


class Stored(NamedTuple):
    """A document that is here already."""

    day: date | None
    amount: Decimal


class Papers:
    """Decides about the documents of one file."""

    def __init__(self, sides: Sides, goods: Collection[str] = ()) -> None:
        """`goods` are external ids of the catalogue in the same file."""
        self.sides = sides
        self.goods = set(goods)
        self.tally: Counter[Fate] = Counter()
        self.by_id: dict[str, Stored] = {}
        self.by_number: set[tuple[type, int, str, Stored]] = set()

    def load(self, papers: Sequence[Paper]) -> None:
        """Read what these documents are here as, in a few queries."""
        plans = [(paper, fate) for paper in papers if (fate := fate_of(paper)) in KEPT and fate]
        self._load_goods([paper for paper, fate in plans if fate == Fate.ORDER])
        for model in (Order, Shipment, Invoice, Payment):
            mine = [(paper, fate) for paper, fate in plans if MODELS[fate][0] is model]
            if mine:
                self._load(model, MODELS[mine[0][1]][1], mine)

    def _load_goods(self, orders: Sequence[Paper]) -> None:
        """Which goods of the orders are in the catalogue; one of its kind counts by its own id."""
        wanted = {goods.id for paper in orders for goods in paper.lines}
        wanted |= {name.partition("#")[0] for name in wanted}
        rows = Product.objects.filter(external_id__in=wanted - {""})
        self.goods |= set(rows.values_list("external_id", flat=True))

    def _load(self, model: Any, day: str, mine: list[tuple[Paper, Fate]]) -> None:
        ids = [external_id_of(paper, fate) for paper, fate in mine]
        amount_of = "total" if model is Order else "amount"
        rows = model.objects.filter(external_id__in=ids)
        for external_id, on, amount in rows.values_list("external_id", day, amount_of):
            self.by_id[external_id] = Stored(on, abs(amount))
        owners = [self.sides.owner(paper.side) for paper, _fate in mine if paper.side]
        rows = model.objects.filter(
            client__in={owner.client_id for owner in owners if owner},
            number__in={_number(paper) for paper, _fate in mine},
        )
        for client_id, number, on, amount in rows.values_list("client", "number", day, amount_of):
            self.by_number.add((model, client_id, number, Stored(on, amount)))

    def decide(self, line: Line, paper: Paper) -> Outcome:
        """Say what becomes of one document."""
        fate = fate_of(paper)
        if fate:
            self.tally[fate] += 1
        title = f"{paper.operation} {paper.number}".strip()
        reason = self._reason(paper, fate)
        if reason:
            return Outcome(line, Result.REFUSED, title=title, reason=reason)
        assert fate is not None
        if fate not in KEPT:
            return Outcome(line, Result.UNCHANGED, title=title)
        return self._decide_kept(line, Plan(paper, fate, external_id_of(paper, fate)), title)

    def _decide_kept(self, line: Line, plan: Plan, title: str) -> Outcome:
        paper, outcome = plan.paper, Outcome(line, Result.UNCHANGED, title=title, plan=plan)
        told = Stored(paper.day, round_half_up(paper.amount))
        before = self.by_id.get(plan.external_id)
        if before is not None and before != told:
            outcome.result = Result.REFUSED
            outcome.reason = _(
                "It is here already with another date or amount (%(amount)s): reverse it first."
            ) % {"amount": format_money(before.amount)}
        elif before is None and not self._is_known(plan, told):
            self.by_id[plan.external_id] = told
            outcome.result, outcome.warnings = Result.CREATED, self._warnings(paper)
        return outcome

    def _is_known(self, plan: Plan, told: Stored) -> bool:
        """The same document that came another way: by the bank, by a table, by hand."""
        assert plan.paper.side is not None
        owner = self.sides.owner(plan.paper.side)
        if owner is None:
            return False
        signed = told._replace(amount=-told.amount) if plan.fate == Fate.RETURN else told
        model = MODELS[plan.fate][0]
        return (model, owner.client_id, _number(plan.paper), signed) in self.by_number

    def _warnings(self, paper: Paper) -> list[str]:
        assert paper.side is not None
        warnings = list(self.sides.find(paper.side).warnings)
        if paper.differs:
            warnings.append(
                _("The lines make %(lines)s, the document says %(amount)s.")
                % {"lines": format_money(paper.lines_sum), "amount": format_money(paper.amount)}
            )
        return warnings

    def _reason(self, paper: Paper, fate: Fate | None) -> str:
        """Why the document is not taken; empty when it is, or is nothing for the books."""
        if paper.problem:
            return paper.problem
        if fate is None:
            operation = {"operation": paper.operation[:60]}
            return _("Documents “%(operation)s” are not imported.") % operation
        reason = self._reason_of_kept(paper) if fate in KEPT else ""
        return reason or (self._reason_of_order(paper) if fate == Fate.ORDER else "")

    def _reason_of_order(self, paper: Paper) -> str:
        """An order takes limit and is shipped by its goods: each must be in the catalogue."""
        if not paper.lines:
            return _("An order has at least one line.")
        if any(goods.quantity <= 0 for goods in paper.lines):
            return _("A line of the order has no quantity.")
        unknown = [
            goods.name or goods.sku or goods.id
            for goods in paper.lines
            if goods.id not in self.goods and goods.id.partition("#")[0] not in self.goods
        ]
        if not unknown:
            return ""
        names = "; ".join(f"«{name[:60]}»" for name in unknown[:MOST_NAMED])
        return _("Not in the catalogue: %(names)s. Bring the goods in first.") % {"names": names}

    def _reason_of_kept(self, paper: Paper) -> str:
        reasons = (
            (paper.deleted, _("It is marked for deletion or cancelled in 1C.")),
            (not paper.posted, _("It is not posted in 1C.")),
            (paper.role.casefold() == BUYER, _("We are the buyer in it.")),
            (
                paper.currency.casefold() not in ROUBLES or paper.rate != 1,
                _("Only documents in roubles are imported."),
            ),
            (round_half_up(paper.amount) <= 0, _("It has no amount.")),
            (not (paper.number or paper.id), _("It has no number.")),
            (paper.side is None, _("It names no counterparty.")),
        )
        found = next((reason for holds, reason in reasons if holds), "")
        return found or (self.sides.find(paper.side).refusal if paper.side else "")


def _number(paper: Paper) -> str:
    return paper.number or paper.id
