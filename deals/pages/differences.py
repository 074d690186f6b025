"""What the panel of differences of an act shows; every part is read when it is shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from itertools import starmap
from typing import Any

from django.core.paginator import Page, Paginator
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from deals import permissions
from deals.act_comparing import NOTHING, VERDICTS, remark_of, words_of
from deals.comparing.wording import sentence
from deals.models import (
    DISCREPANCY_MOVES,
    ClientStatement,
    Discrepancy,
    DiscrepancyState,
    ItemState,
    ReconciliationAct,
    StatementState,
)

PORTION = 50
LABELS = {
    "matched": (_("Agrees"), "success", "check"),
    "different_amount": (_("Different amount"), "danger", "arrows-diff"),
    "missing_with_us": (_("Missing in our books"), "warning", "square-x"),
    "missing_with_them": (_("Missing in their books"), "warning", "square-x"),
}
TONES: dict[str, str] = {
    DiscrepancyState.OPEN: "danger",
    DiscrepancyState.INVESTIGATING: "warning",
    DiscrepancyState.OURS_WRONG: "info",
    DiscrepancyState.THEIRS_WRONG: "info",
    DiscrepancyState.CORRECTED: "info",
    DiscrepancyState.CLOSED: "success",
}
DONE = (DiscrepancyState.CORRECTED, DiscrepancyState.CLOSED)


@dataclass(frozen=True)
class SideLine:
    """An operation as one side wrote it; positive raises what the client owes."""

    day: date
    text: str
    number: str
    value: Decimal
    place: str = ""

    @property
    def amount(self) -> Decimal:
        """Without its sign: the column of debit or of credit tells it."""
        return abs(self.value)


@dataclass(frozen=True)
class Group:
    """Operations of both sides that belong together, or one that stands alone."""

    verdict: str
    ours: list[SideLine]
    theirs: list[SideLine]
    words: str

    @property
    def label(self) -> str:
        return str(LABELS[self.verdict][0])

    @property
    def tone(self) -> str:
        return LABELS[self.verdict][1]

    @property
    def glyph(self) -> str:
        return LABELS[self.verdict][2]

    @property
    def day(self) -> date:
        """By which the groups are sorted."""
        return (self.ours or self.theirs)[0].day


@dataclass(frozen=True)
class Sum:
    """How many of a verdict, and what they do to the difference of the balances."""

    verdict: str
    count: int
    value: Decimal

    @property
    def label(self) -> str:
        return str(LABELS[self.verdict][0])


class Reading:
    """A statement of the client as it was read and compared."""

    def __init__(self, statement: ClientStatement) -> None:
        self.statement = statement
        self.read: Mapping[str, Any] = statement.read
        self.verdicts: Mapping[str, Any] = statement.verdicts

    @property
    def warnings(self) -> list[str]:
        """What the reading has to say about the file."""
        return [sentence(remark_of(row)) for row in self.read["warnings"]]

    @property
    def matched_count(self) -> int:
        """Operations of ours that agree."""
        return sum(len(row["ours"]) for row in self.verdicts["matched"])

    @property
    def matched_turnover(self) -> Decimal:
        """Debit and credit of what agrees, together."""
        return sum((abs(_value(row["ours"])) for row in self.verdicts["matched"]), NOTHING)

    @cached_property
    def sums(self) -> list[Sum]:
        """Of every verdict that is a difference."""
        return [
            Sum(name, len(rows), sum((_difference(row) for row in rows), NOTHING))
            for name, rows in ((name, self.verdicts[name]) for name in VERDICTS[1:])
        ]

    @property
    def different_count(self) -> int:
        """Groups and single operations that do not agree."""
        return sum(one.count for one in self.sums)

    @property
    def opening_difference(self) -> Decimal:
        """Ours less theirs."""
        return Decimal(self.read["our_opening"]) - Decimal(self.read["opening"])

    @property
    def our_closing(self) -> Decimal:
        return Decimal(self.read["our_closing"])

    @property
    def their_closing(self) -> Decimal:
        """As we would write it."""
        return Decimal(self.read["closing"])

    @property
    def difference(self) -> Decimal:
        """Ours less theirs: what all differences add up to."""
        return self.our_closing - self.their_closing

    @property
    def beyond_lines(self) -> Decimal:
        """What their balance has and none of their lines explains."""
        told = sum((one.value for one in self.sums), self.opening_difference)
        return self.difference - told

    @property
    def differs(self) -> bool:
        """Whether anything does not agree."""
        return bool(self.different_count or self.opening_difference or self.beyond_lines)

    def groups(self, *, all_of_them: bool, number: str | None) -> Page[Group]:
        """A portion of both sides, in order of days."""
        names = VERDICTS if all_of_them else VERDICTS[1:]
        rows = [_group(name, row) for name in names for row in self.verdicts[name]]
        rows.sort(key=lambda group: group.day)
        return Paginator(rows, PORTION).get_page(number)


def _group(verdict: str, row: Mapping[str, Any]) -> Group:
    ours, theirs = (list(starmap(_line, row[side])) for side in ("ours", "theirs"))
    return Group(verdict, ours, theirs, words_of(row["suggestion"]))


def _line(on: str, text: str, number: str, value: str, place: str) -> SideLine:
    return SideLine(date.fromisoformat(on), text, number, Decimal(value), place)


def _value(lines: Sequence[Sequence[str]]) -> Decimal:
    return sum((Decimal(line[3]) for line in lines), NOTHING)


def _difference(row: Mapping[str, Any]) -> Decimal:
    return _value(row["ours"]) - _value(row["theirs"])


class ProtocolRow:
    """A line of the protocol for one person."""

    def __init__(self, row: Discrepancy, page: DifferencesPage, number: int) -> None:
        self.row, self.page, self.number = row, page, number

    @property
    def tone(self) -> str:
        return TONES[self.row.state]

    @property
    def difference(self) -> Decimal:
        """Ours less theirs."""
        return (self.row.our_amount or NOTHING) - (self.row.their_amount or NOTHING)

    @property
    def has_amounts(self) -> bool:
        """An objection in words may have none."""
        return self.row.our_amount is not None or self.row.their_amount is not None

    @property
    def words(self) -> str:
        """What was found out, else what the comparison proposes to look at."""
        return self.row.resolution or words_of(self.row.suggestion)

    @property
    def is_late(self) -> bool:
        """Not corrected by its day."""
        due = self.row.due_on
        return due is not None and due < self.page.today and self.row.state not in DONE

    @property
    def is_gone(self) -> bool:
        """The newest statement of the client does not have it any more."""
        newest = self.page.statement
        mine = self.row.statement_id
        return bool(newest and mine and mine != newest.pk and self.row.state not in DONE)

    @property
    def may_take_up(self) -> bool:
        return self._may(DiscrepancyState.INVESTIGATING)

    @property
    def may_decide(self) -> bool:
        return self._may(DiscrepancyState.OURS_WRONG)

    @property
    def may_correct(self) -> bool:
        return self._may(DiscrepancyState.CORRECTED) and permissions.can_correct_difference(
            self.page.user, self.row
        )

    @property
    def waits_for_books(self) -> bool:
        """Our books are to be put right, which is the accounting's work."""
        return self.row.state == DiscrepancyState.OURS_WRONG and not self.may_correct

    @property
    def may_close(self) -> bool:
        return self._may(DiscrepancyState.CLOSED)

    @property
    def may_reassign(self) -> bool:
        return self.page.may_dispute and self.row.state not in DONE

    def _may(self, state: str) -> bool:
        return self.page.may_dispute and state in DISCREPANCY_MOVES[self.row.state]


class DifferencesPage:
    """The differences of one visible act for one person."""

    def __init__(self, act: ReconciliationAct, user: User, today: date) -> None:
        self.act, self.user, self.today = act, user, today

    @cached_property
    def statement(self) -> ClientStatement | None:
        """The newest file of the client that was compared."""
        rows = ClientStatement.objects.compared().filter(act=self.act)
        return rows.select_related("added_by", "attachment").first()

    @cached_property
    def came(self) -> ClientStatement | None:
        """What the client has sent since, and waits or is no statement."""
        rows = ClientStatement.objects.filter(act=self.act).select_related("attachment")
        newest = rows.first()
        return newest if newest and newest.state != StatementState.COMPARED else None

    @property
    def awaits(self) -> bool:
        """A file of the client is being compared."""
        return self.came is not None and self.came.state == StatementState.WAITING

    @cached_property
    def reading(self) -> Reading | None:
        """What it said; None before there is one."""
        return Reading(self.statement) if self.statement else None

    @property
    def is_older(self) -> bool:
        """The act has a newer text than the one that was compared."""
        return self.statement is not None and self.statement.revision != self.act.revision

    @cached_property
    def rows(self) -> list[ProtocolRow]:
        """The protocol, in order of days."""
        rows = Discrepancy.objects.filter(act=self.act).select_related(
            "responsible", "act__item__client__org_unit", "act__item__schedule", "our_line"
        )
        ordered = rows.order_by("day", "pk")
        return [ProtocolRow(row, self, place) for place, row in enumerate(ordered, start=1)]

    @property
    def unresolved(self) -> int:
        """How many keep the act from being signed."""
        return sum(1 for one in self.rows if one.row.state != DiscrepancyState.CLOSED)

    @cached_property
    def may_dispute(self) -> bool:
        return permissions.can_dispute_act(self.user, self.act.item)

    @property
    def is_resolved(self) -> bool:
        """All differences are closed: the act may be signed."""
        return self.act.item.state == ItemState.RESOLVED

    @property
    def is_empty(self) -> bool:
        """Nothing to show and nothing to do."""
        came = self.statement or self.came
        return not self.rows and came is None and not self.may_dispute
