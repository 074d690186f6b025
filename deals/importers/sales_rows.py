"""One pass over a file of documents of sale."""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import lru_cache
from itertools import groupby
from typing import Any

from django.core.exceptions import ValidationError

from crm.imports import values
from crm.imports.reading import Line, columns_of
from crm.imports.registry import Change, Outcome, Result, Run
from crm.money import format_money
from crm.said import gettext as _
from crm.said import label
from deals.importers.days import DayReader, date_order
from deals.importers.parties import NOBODY, Parties
from deals.importers.sales_facts import Document, DocumentReader, has_lines
from deals.importers.sales_tally import Tally
from deals.importers.sales_writing import SalesWriter
from deals.models import Shipment, ShipmentKind

_YEAR = re.compile(r"[0-9]{4}")
Key = tuple[str, ...]


class Sales:
    """The importer of documents of sale."""

    def __init__(self, run: Run, lines: Sequence[Line]) -> None:
        self.run = run
        self.with_lines = has_lines(run.columns)
        self.document_of = array("L")  # of each row, where rows are lines
        self.scattered: set[int] = set()  # documents whose rows do not stand together
        days = self._look_through(lines)
        order = date_order(days, run.options["date_order"])
        self.reader = DocumentReader(DayReader(order), run.options["vat"])
        self.parties = Parties(run)
        self.writer = SalesWriter(run, self.parties)
        self.tally = Tally(run)
        self.seen: dict[str, tuple[int, Decimal, Key]] = {}  # row, amount, client

    def _look_through(self, lines: Sequence[Line]) -> set[str]:
        """All different days; and which rows make one document, wherever they stand."""
        number, day = self.run.columns["number"], self.run.columns["day"]
        days: set[str] = set()
        if not self.with_lines:
            days.update(cells[0][:10] for cells in columns_of(lines, [day]))
            return days
        known: dict[Key, int] = {}
        last = -1
        for name, text in columns_of(lines, [number, day]):
            days.add(text[:10])
            key = (name, _year(text))
            fresh = len(known)
            at = known.setdefault(key, fresh)
            if at not in {last, fresh}:
                self.scattered.add(at)
            self.document_of.append(at)
            last = at
        return days

    # Cutting

    def portions(self, lines: Sequence[Line], size: int) -> Iterator[Sequence[Line]]:
        """Portions in which every document has all its lines."""
        if not self.with_lines:
            for start in range(0, len(lines), size):
                yield lines[start : start + size]
            return
        start, total = 0, len(lines)
        while start < total:
            end = min(start + size, total)
            while end < total and self.document_of[end] == self.document_of[end - 1]:
                end += 1
            portion = lines[start:end]
            if self.scattered:
                of = self.document_of[start:end]
                portion = [
                    line for line, at in zip(portion, of, strict=True) if at not in self.scattered
                ]
            yield portion
            start = end
        if self.scattered:
            yield self._gathered(lines)

    def _gathered(self, lines: Sequence[Line]) -> list[Line]:
        rows = [at for at, document in enumerate(self.document_of) if document in self.scattered]
        rows.sort(key=lambda at: (self.document_of[at], at))
        return [lines[at] for at in rows]

    # Deciding

    def decide(self, lines: Sequence[Line]) -> list[Outcome]:
        """Say of every row what becomes of its document."""
        groups = self._groups(lines)
        read: list[tuple[list[Outcome], Document]] = []
        for group in groups:
            try:
                read.append((group, self._read(group)))
            except ValidationError as error:
                self._refuse(group, values.reason(error))
        self.parties.load(document.party for _group, document in read)
        known = self._known([document.external_id for _group, document in read])
        for group, document in read:
            self._decide(group, document, known)
        return [outcome for group in groups for outcome in group]

    def _groups(self, lines: Sequence[Line]) -> list[list[Outcome]]:
        if not self.with_lines:
            return [[Outcome(line, Result.REFUSED)] for line in lines]
        number, day = self.run.columns["number"], self.run.columns["day"]

        def key(line: Line) -> Any:
            name = line.cells[number]
            return (name, _year(line.cells[day])) if name else line.number

        return [
            [Outcome(line, Result.REFUSED) for line in rows] for _key, rows in groupby(lines, key)
        ]

    def _read(self, group: list[Outcome]) -> Document:
        if not self.with_lines:
            return self.reader.head(self.run.values(group[0].line))
        return self.reader.with_lines([self.run.values(outcome.line) for outcome in group])

    def _known(self, external_ids: list[str]) -> dict[str, Any]:
        rows = Shipment.objects.filter(external_id__in=external_ids).exclude(external_id="")
        return dict(rows.values_list("external_id", "amount"))

    def _decide(self, group: list[Outcome], document: Document, known: dict[str, Any]) -> None:
        head = group[0]
        head.title = f"{document.number} · {document.party.shown}".removesuffix(" · ")
        own = (head.line.number, document.amount, document.party.key)
        first = self.seen.setdefault(document.external_id, own)
        if first is not own:
            self._decide_repeated(group, document, first)
        elif document.external_id in known:
            self._same(group, document)
            amount = known[document.external_id]
            if amount != document.amount:
                head.warnings.append(
                    _("The document is here already, with the amount %(amount)s: left as it is.")
                    % {"amount": format_money(amount)}
                )
        else:
            self._decide_new(group, document)

    def _decide_repeated(
        self, group: list[Outcome], document: Document, first: tuple[int, Decimal, Key]
    ) -> None:
        """The same number, kind and day twice: the same document, or one told apart by nothing."""
        row, *contents = first
        if contents == [document.amount, document.party.key]:
            self._same(group, document)
            return
        reason = _("The same kind, number and date stand in row %(row)s with other contents.")
        self._refuse(group, reason % {"row": row})

    def _same(self, group: list[Outcome], document: Document) -> None:
        for outcome in group:
            outcome.result = Result.UNCHANGED
        self.tally.count(document, "duplicates")

    def _decide_new(self, group: list[Outcome], document: Document) -> None:
        reason = self.parties.refusal(document.party)
        if reason and not self.run.options["keep_unknown"]:
            self._refuse(group, reason)
            return
        if reason or document.party == NOBODY:
            self.tally.unassigned()
        for outcome in group:
            outcome.result = Result.CREATED
        group[0].plan = document
        self.tally.count(document, "new")

    def _refuse(self, group: list[Outcome], reason: str) -> None:
        first = group[0]
        first.reason, first.result = reason, Result.REFUSED
        for outcome in group[1:]:
            outcome.result = Result.REFUSED
            outcome.reason = _("See row %(row)s.") % {"row": first.line.number}
        self.tally.refused()

    # Writing

    def write(self, outcomes: list[Outcome]) -> None:
        """Write the documents of one portion as posted."""
        self.writer.write([outcome.plan for outcome in outcomes if outcome.plan is not None])

    def finish(self) -> None:
        """Let the returns of the file lower invoices."""
        self.tally.finish()
        if not self.run.dry:
            self.writer.finish()

    def explain(self, outcome: Outcome) -> list[Change]:
        """What will be written, in words."""
        document: Document | None = outcome.plan
        if document is None:
            return []
        facts = (
            (_("Document"), label(ShipmentKind(document.kind).label) + f" {document.number}"),
            (_("Date"), f"{document.day:%d.%m.%Y}"),
            (_("Client"), document.party.shown or "—"),
            (_("Amount"), format_money(document.amount)),
            (_("VAT in it"), format_money(document.vat)),
            (_("Lines"), str(len(document.lines)) if document.lines else ""),
        )
        return [Change(what, "", text) for what, text in facts if text]


@lru_cache(maxsize=4096)
def _year(text: str) -> str:
    found = _YEAR.search(text)
    return found[0] if found else ""
