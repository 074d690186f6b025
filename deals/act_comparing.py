"""An act compared with the client's statement: differences that explain both balances (DL-12).

Nothing is written here. Our closing balance less theirs is, to the kopeck, what all differences of
a comparison add up to: the lines, the opening balances, and what their balance has beyond its
lines. What was found is kept as JSON with the statement and read from there again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from crm.imports.policy import limits
from crm.money import format_money
from crm.work.registry import setting
from deals.comparing.facing import from_our_side
from deals.comparing.pairing import compare
from deals.comparing.reading import read_statement
from deals.comparing.records import Comparison, Found, Line, Remark, Statement, total
from deals.comparing.wording import sentence
from deals.models import ActLine, DiscrepancyKind, ReconciliationAct

NOTHING = Decimal(0)
VERDICTS = ("matched", "different_amount", "missing_with_us", "missing_with_them")
OTHER_OPENING = "other_opening"
AMOUNT, DAY = "amount", "day"


@dataclass(frozen=True)
class Difference:
    """Something on which the sides differ; amounts are signed as our debit, None where missing."""

    kind: str
    text: str
    our_amount: Decimal | None
    their_amount: Decimal | None
    suggestion: Remark
    day: date | None = None
    our_line: int | None = None

    @property
    def value(self) -> Decimal:
        """How much more the client owes by our books."""
        return (self.our_amount or NOTHING) - (self.their_amount or NOTHING)


@dataclass(frozen=True)
class Compared:
    """Both sides of a period as we would write them, and what became of every line."""

    opening: Decimal
    closing: Decimal
    first: date
    statement: Statement
    found: Comparison

    @property
    def turnover(self) -> Decimal:
        """What their lines do to the balance."""
        return total(self.statement.lines)

    @property
    def their_opening(self) -> Decimal:
        """As stated, else as their closing balance implies, else ours."""
        if self.statement.opening is not None:
            return self.statement.opening
        if self.statement.closing is not None:
            return self.statement.closing - self.turnover
        return self.opening

    @property
    def their_closing(self) -> Decimal:
        """As stated, else as their lines make it."""
        if self.statement.closing is not None:
            return self.statement.closing
        return self.their_opening + self.turnover

    @cached_property
    def differences(self) -> list[Difference]:
        """In order: of the opening balance, of the lines, of what no line explains."""
        rows = [
            *self.found.different_amount,
            *self.found.missing_with_us,
            *self.found.missing_with_them,
        ]
        rows.sort(key=lambda row: (row.ours or row.theirs)[0].on)
        return [*self._of_opening(), *map(_of_lines, rows), *self._unexplained()]

    def _of_opening(self) -> Iterable[Difference]:
        ours, theirs = self.opening, self.their_opening
        if ours != theirs:
            told = {"ours": ours, "theirs": theirs, "difference": abs(ours - theirs)}
            kind = DiscrepancyKind.DIFFERENT_AMOUNT
            with override("ru"):  # as the lines of the act, a text of the client's paper
                text = _("Opening balance")
            yield Difference(kind, text, ours, theirs, Remark(OTHER_OPENING, told), self.first)

    def _unexplained(self) -> Iterable[Difference]:
        counted, stated = self.their_opening + self.turnover, self.their_closing
        if counted != stated:
            told = {"counted": counted, "stated": stated}
            kind = DiscrepancyKind.MISSING_WITH_US
            with override("ru"):
                text = _("In their closing balance, in none of their lines")
            yield Difference(kind, text, None, stated - counted, Remark("closing_differs", told))


def _of_lines(row: Found) -> Difference:
    ours, theirs = row.ours, row.theirs
    kind = DiscrepancyKind.DIFFERENT_AMOUNT
    if not ours:
        kind = DiscrepancyKind.MISSING_WITH_US
    elif not theirs:
        kind = DiscrepancyKind.MISSING_WITH_THEM
    one = (ours or theirs)[0]
    return Difference(
        kind=kind,
        text=one.text or one.number or one.place or "—",
        our_amount=total(ours) if ours else None,
        their_amount=total(theirs) if theirs else None,
        suggestion=row.suggestion,
        day=one.on,
        our_line=ours[0].key if ours else None,
    )


def lines_of(act: ReconciliationAct) -> list[Line]:
    """Our side: the lines of the act, named by their rows."""
    return [
        Line(row.pk, row.day, row.text, row.number, row.debit, row.credit)
        for row in ActLine.objects.filter(act=act)
    ]


def compare_file(act: ReconciliationAct, content: bytes, our_names: Sequence[str]) -> Compared:
    """Compare the act with the file of the client; raises Unreadable with the reason."""
    statement = read_statement(
        content, limits=limits(), names=_names(act), our_names=[name for name in our_names if name]
    )
    ours = lines_of(act)
    seen = from_our_side(statement, ours, opening=act.opening, closing=act.closing)
    days, period = setting("reconciliation.match_days"), (act.date_from, act.date_to)
    found = compare(ours, seen.lines, days=days, period=period)
    return Compared(act.opening, act.closing, act.date_from, seen, found)


def _names(act: ReconciliationAct) -> list[str]:
    entity = act.counterparty
    return [act.client.name, *([entity.full_name] if entity else [])]


def kept(compared: Compared) -> dict[str, dict[str, Any]]:
    """What was read and the verdicts, as `ClientStatement` has them."""
    said = compared.statement
    balances = {
        "our_opening": compared.opening,
        "our_closing": compared.closing,
        "opening": compared.their_opening,
        "closing": compared.their_closing,
        "turnover_debit": sum((line.debit for line in said.lines), NOTHING),
        "turnover_credit": sum((line.credit for line in said.lines), NOTHING),
    }
    return {
        "read": {
            **{name: str(value) for name, value in balances.items()},
            "of": said.of,
            "lines": len(said.lines),
            "warnings": [kept_remark(remark) for remark in said.warnings],
        },
        "verdicts": {
            name: [_kept_row(row) for row in getattr(compared.found, name)] for name in VERDICTS
        },
    }


def kept_remark(remark: Remark) -> dict[str, Any]:
    """A remark as JSON; its amounts and days keep their types."""
    return {
        "code": remark.code,
        "params": {name: _kept_value(value) for name, value in remark.params.items()},
    }


def words_of(row: Mapping[str, Any]) -> str:
    """A remark that was kept, in words; nothing where none was."""
    if not row:
        return ""
    remark = remark_of(row)
    if remark.code != OTHER_OPENING:
        return sentence(remark)
    shown = {name: format_money(value) for name, value in remark.params.items()}
    told = _(
        "%(ours)s in our books, %(theirs)s in theirs: the difference is older, go back "
        "to the previous act."
    )
    return told % shown


def remark_of(row: Mapping[str, Any]) -> Remark:
    """The remark that was kept."""
    params = {name: _value(value) for name, value in row.get("params", {}).items()}
    return Remark(row["code"], params)


def _kept_value(value: Any) -> Any:
    if isinstance(value, Decimal):
        return {AMOUNT: str(value)}
    return {DAY: value.isoformat()} if isinstance(value, date) else value


def _value(value: Any) -> Any:
    if isinstance(value, dict) and AMOUNT in value:
        return Decimal(value[AMOUNT])
    if isinstance(value, dict) and DAY in value:
        return date.fromisoformat(value[DAY])
    return value


def _kept_row(row: Found) -> dict[str, Any]:
    return {
        "ours": [_kept_line(line) for line in row.ours],
        "theirs": [_kept_line(line) for line in row.theirs],
        "suggestion": kept_remark(row.suggestion),
    }


def _kept_line(line: Line) -> list[str]:
    value = (line.on.isoformat(), line.text, line.number, str(line.value), line.place)
    return list(value)
