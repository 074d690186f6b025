"""One pass over a file of CommerceML: each counterparty, group, product and document is a row."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from crm.imports.reading import Line
from crm.imports.registry import Change, Outcome, Result, Run
from crm.money import format_money
from crm.refusals import politely
from crm.said import gettext as _
from crm.said import joined
from deals.importers.commerceml.catalogue import Catalogue
from deals.importers.commerceml.content import Content, Group, Item, Paper, Side
from deals.importers.commerceml.operations import Fate
from deals.importers.commerceml.papers import Papers
from deals.importers.commerceml.plans import Plan
from deals.importers.commerceml.sides import Sides
from deals.importers.commerceml.writing import PaperWriter
from deals.refusals import IMPORTED_MEANWHILE

KOPECK = Decimal("0.01")


class Exchange:
    """The importer of CommerceML."""

    def __init__(self, run: Run, lines: Sequence[Line]) -> None:  # noqa: ARG002  (as the engine calls it)
        self.run = run
        self.content: Content = run.extra
        self.records = records_of(self.content)
        self.sides = Sides(run)
        self.catalogue = Catalogue(run)
        goods = (item.id for item in self.content.items if item.id and not item.deleted)
        self.papers = Papers(self.sides, frozenset(goods))
        self.writer = PaperWriter(run, self.sides)
        self.new = self.duplicates = 0

    def decide(self, lines: Sequence[Line]) -> list[Outcome]:
        """Say of every record what becomes of it."""
        records = [self.records[line.number - 1] for line in lines]
        papers = [record for record in records if isinstance(record, Paper)]
        sides = [record for record in records if isinstance(record, Side)]
        self.sides.load([*sides, *(paper.side for paper in papers if paper.side)])
        self.catalogue.load(
            [record for record in records if isinstance(record, Group)],
            [record for record in records if isinstance(record, Item)],
        )
        self.papers.load(papers)
        return [self._decide(line, record) for line, record in zip(lines, records, strict=True)]

    def _decide(self, line: Line, record: object) -> Outcome:
        if isinstance(record, Side):
            return self._decide_side(line, record)
        if isinstance(record, Group | Item):
            return self.catalogue.decide(line, record)
        assert isinstance(record, Paper)
        outcome = self.papers.decide(line, record)
        if isinstance(outcome.plan, Plan):
            self.new += outcome.result == Result.CREATED
            self.duplicates += outcome.result == Result.UNCHANGED
        return outcome

    def _decide_side(self, line: Line, side: Side) -> Outcome:
        known = self.sides.find(side)
        if known.refusal:
            reason = joined(" ", [*known.warnings, known.refusal])
            return Outcome(line, Result.REFUSED, title=side.shown, reason=reason)
        result = Result.CREATED if self.sides.is_new(side) else Result.UNCHANGED
        return Outcome(line, result, title=side.shown, warnings=known.warnings)

    def write(self, outcomes: list[Outcome]) -> None:
        """Write one portion; raises RuleViolation when the base changed under it."""
        with politely(IMPORTED_MEANWHILE):
            self.sides.parties.create()
            mine = [outcome for outcome in outcomes if outcome.plan is not None]
            self.catalogue.write(o for o in mine if not isinstance(o.plan, Plan))
            plans = (o.plan for o in mine if isinstance(o.plan, Plan))
            created = {id(o.plan) for o in mine if o.result == Result.CREATED}
            self.writer.write(plan for plan in plans if id(plan) in created)

    def finish(self) -> None:
        """What the file holds, by its own elements (facts of the result)."""
        self.run.facts |= facts_of(self.content) | {
            **{str(fate): self.papers.tally[fate] for fate in Fate},
            "new": self.new,
            "duplicates": self.duplicates,
        }

    def explain(self, outcome: Outcome) -> list[Change]:
        """What is shown of a document in the preview."""
        if not isinstance(outcome.plan, Plan) or outcome.result != Result.CREATED:
            return []
        paper = outcome.plan.paper
        side = paper.side.shown if paper.side else ""
        return [
            Change(_("Client"), "", side),
            Change(_("Amount"), "", format_money(paper.amount)),
        ]


def records_of(content: Content) -> Sequence[Side | Group | Item | Paper]:
    """All records in the order of their rows: what others refer to stands first."""
    return [*content.sides.values(), *content.groups, *content.items, *content.papers]


def facts_of(content: Content) -> dict[str, Any]:
    """Counts and sums of the file, whatever becomes of its records."""
    return {
        "schema": content.version,
        "formed": content.formed,
        "documents": len(content.papers),
        "counterparties": content.counts["Контрагент"],
        "distinct_counterparties": len(content.sides),
        "products": len(content.items),
        "groups": content.counts["Группа"],
        "offers": content.counts["Предложение"],
        "lines": content.lines,
        "documents_sum": _sum(paper.amount for paper in content.papers),
        "lines_sum": _sum(paper.lines_sum for paper in content.papers),
        "documents_where_lines_sum_differs": [
            [paper.number, str(paper.day or ""), _sum([paper.amount]), _sum([paper.lines_sum])]
            for paper in content.papers
            if paper.differs
        ],
    }


def _sum(amounts: Iterable[Decimal]) -> str:
    return str(sum(amounts, Decimal(0)).quantize(KOPECK))
