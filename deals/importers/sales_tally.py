"""What a file of documents holds, by kind; the figures of the command and of the page."""

from __future__ import annotations

from collections import Counter, defaultdict
from decimal import Decimal

from crm.imports.registry import Run
from crm.money import format_money
from crm.said import label, ngettext
from deals.importers.sales_facts import Document
from deals.models import ShipmentKind

# What the kinds are called outside.
NAMES = {
    ShipmentKind.SALE: "invoice",
    ShipmentKind.RETURN: "credit_note",
    ShipmentKind.ADJUSTMENT: "adjustment",
}
FACTS = ("documents", "new", "duplicates", "refused_documents", "unassigned", "clients_created")


class Tally:
    """Counts and sums of one file."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.counts: Counter[str] = Counter()
        self.sums: dict[str, Decimal] = defaultdict(Decimal)
        run.facts |= dict.fromkeys(FACTS, 0)

    def count(self, document: Document, fate: str) -> None:
        """A document that was read, new or known."""
        self.counts[document.kind] += 1
        self.sums[document.kind] += document.amount
        self.run.facts[fate] += 1
        self.run.facts["documents"] += 1

    def refused(self) -> None:
        """A document that is not imported."""
        self.run.count("documents")
        self.run.count("refused_documents")

    def unassigned(self) -> None:
        """A new document without a client."""
        self.run.count("unassigned")

    def finish(self) -> None:
        """Give the sums by kind."""
        self.run.facts["by_type"] = {
            name: {"count": self.counts[kind], "amount": f"{self.sums[kind]:.2f}"}
            for kind, name in NAMES.items()
        }
        for kind in NAMES:
            if self.counts[kind]:
                figures = f": {self.counts[kind]}, {format_money(self.sums[kind])}"
                self.run.notes.append(label(ShipmentKind(kind).label) + figures)
        if count := self.run.facts["unassigned"]:
            self.run.notes.append(
                ngettext(
                    "%(count)s document has no client: it waits in the list “Without a client”.",
                    "%(count)s documents have no client: they wait in the list “Without a client”.",
                    count,
                )
                % {"count": count}
            )
