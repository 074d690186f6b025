"""What pages of work show: one item, the board of control, items about a record, one's own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Model, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from crm.assignments import permissions, registry, tables
from crm.assignments.filters import WorkFilter
from crm.assignments.models import GIVEN, WorkItem, WorkNote, WorkState
from crm.assignments.querysets import late, undone
from crm.web import person_of
from crm.work.registry import setting

CARDS = 10
PANEL_ROWS = 5
NARROWED_BY = ("executor", "unit", "author", "kind")
# The three questions of L563: answered? acted? solved? Withdrawn ones are nobody's any more.
COLUMNS: tuple[tuple[str, str | Promise, str, dict[str, Any]], ...] = (
    ("unanswered", _("No answer yet"), "danger", {"answered": False}),
    ("answered", _("Answered, no action"), "info", {"answered": True}),
    ("verify", _("Done, to be verified"), "warning", {}),
    ("solved", _("Problem solved"), "success", {}),
)


def condition_of(column: str, today: date) -> Q:
    """Which items stand in a column of the board."""
    if column == "solved":
        since = date.fromordinal(today.toordinal() - setting("work.board_days"))
        return Q(state=WorkState.RESOLVED, resolved_on__gte=since)
    if column == "verify":
        return Q(state=WorkState.ACTION_TAKEN) | (
            Q(state=WorkState.ANSWERED) & ~Q(kind__in=list(GIVEN))
        )
    if column == "answered":
        answered = Q(state=WorkState.RETURNED, answered_on__isnull=False)
        return answered | Q(state=WorkState.ANSWERED, kind__in=list(GIVEN))
    return undone() & Q(answered_on=None)


@dataclass(frozen=True)
class Card:
    """One item on the board or in a panel."""

    item: WorkItem
    today: date

    @property
    def flags(self) -> str:
        return tables.flags_cell(self.item)

    @property
    def executor(self) -> str:
        return tables.executor_of(self.item)

    @property
    def term(self) -> str:
        return tables.due_cell(self.item)

    @property
    def answer_term(self) -> str:
        """The day of the answer while it is awaited."""
        waited = self.item.feedback_due is not None and self.item.answered_on is None
        return tables.answer_cell(self.item) if waited else ""

    @property
    def state(self) -> str:
        return tables.state_chip(self.item)

    @property
    def is_overdue(self) -> bool:
        return self.item.is_overdue(self.today)


@dataclass(frozen=True)
class BoardColumn:
    """One answer to the three questions with its count and most urgent cards."""

    key: str
    label: str | Promise
    tone: str
    count: int
    overdue: int
    cards: list[Card]
    choose_url: str
    is_chosen: bool

    @property
    def more(self) -> int:
        """How many cards are left for the register."""
        return self.count - len(self.cards)


@dataclass(frozen=True)
class Choice:
    """A drop-down above the board."""

    name: str
    label: str
    options: list[tuple[str, str, bool]]


class BoardFilter(WorkFilter):
    """The board is narrowed by a few of the filters of the register."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in [name for name in self.filters if name not in NARROWED_BY]:
            del self.filters[name]


class Board:
    """Control of execution: what is answered, acted upon, solved."""

    def __init__(self, request: HttpRequest, today: date) -> None:
        self.user, self.today = person_of(request), today
        rows = WorkItem.objects.visible_to(self.user)
        self.filter = BoardFilter(request.GET, queryset=rows, request=request)
        keys = [key for key, *_rest in COLUMNS]
        chosen = request.GET.get("column", "")
        self.chosen = chosen if chosen in keys else keys[0]
        self.narrowed = {
            name: request.GET.getlist(name)
            for name in NARROWED_BY
            if any(request.GET.getlist(name))
        }

    @cached_property
    def columns(self) -> list[BoardColumn]:
        counted = {}
        for key, *_rest in COLUMNS:
            here = condition_of(key, self.today)
            counted[f"{key}_all"] = Count("pk", filter=here)
            counted[f"{key}_late"] = Count("pk", filter=here & late(self.today))
        counts = self.filter.qs.order_by().aggregate(**counted)
        return [self._column(key, label, tone, counts) for key, label, tone, _rest in COLUMNS]

    def _column(
        self, key: str, label: str | Promise, tone: str, counts: dict[str, int]
    ) -> BoardColumn:
        order = "-resolved_on" if key == "solved" else "due_on"
        count = counts[f"{key}_all"]
        rows = self.filter.qs.filter(condition_of(key, self.today)).for_list()
        cards = [Card(item, self.today) for item in rows.order_by(order, "pk")[:CARDS]]
        query = urlencode(self.narrowed | {"column": key}, doseq=True)
        return BoardColumn(
            key,
            label,
            tone,
            count,
            counts[f"{key}_late"],
            cards if count else [],
            f"?{query}",
            key == self.chosen,
        )

    @cached_property
    def choices(self) -> list[Choice]:
        """What it is narrowed by."""
        return [self._choice(name) for name in ("unit", "executor", "kind")]

    def _choice(self, name: str) -> Choice:
        field: Any = self.filter.form.fields[name]
        chosen = self.narrowed.get(name, [])
        options = [(str(value), str(label)) for value, label in field.choices if str(value)]
        return Choice(
            name, str(field.label), [(value, label, value in chosen) for value, label in options]
        )

    @property
    def is_empty(self) -> bool:
        return not any(column.count for column in self.columns)


class ItemPage:
    """One item for one person: what it is about, what may be done."""

    def __init__(self, item: WorkItem, user: User, today: date) -> None:
        self.item, self.user, self.today = item, user, today

    @property
    def card(self) -> Card:
        return Card(self.item, self.today)

    @property
    def flags(self) -> list[tuple[str, date | None]]:
        return tables.flags_of(self.item)

    @cached_property
    def about(self) -> Any:
        """The record it is about, as far as the person sees it."""
        return registry.found(self.user, self.item.subject_kind, self.item.subject_id)

    @property
    def about_label(self) -> str:
        subject = registry.get(self.item.subject_kind)
        return str(subject.label) if subject else ""

    @cached_property
    def notes(self) -> list[WorkNote]:
        """What was said, the oldest first."""
        return list(self.item.notes.select_related("author"))

    @property
    def postponed(self) -> bool:
        return self.item.due_on != self.item.first_due_on

    @cached_property
    def may(self) -> dict[str, bool]:
        """What the person may do now."""
        rights = {
            "accept": permissions.can_accept,
            "answer": permissions.can_answer,
            "act": permissions.can_act,
            "resolve": permissions.can_resolve,
            "send_back": permissions.can_verify,
            "hand_on": permissions.can_hand_on,
            "postpone": permissions.can_postpone,
            "cancel": permissions.can_cancel,
            "comment": permissions.can_comment,
        }
        return {name: right(self.user, self.item) for name, right in rights.items()}


class RecordPanel:
    """Items about one record."""

    def __init__(self, record: Model, user: User, today: date) -> None:
        self.record, self.user, self.today = record, user, today
        self.subject = registry.subject_of(record)

    @property
    def key(self) -> str:
        return f"{self.subject.key}:{self.record.pk}"

    @property
    def url(self) -> str:
        """Where the panel reads itself anew."""
        return reverse("assignments:about", args=[self.subject.key, self.record.pk])

    @cached_property
    def _rows(self) -> QuerySet[WorkItem]:
        rows = WorkItem.objects.visible_to(self.user)
        is_client = self.subject.is_client
        return rows.about(self.subject.key, self.record.pk, is_client=is_client)  # type: ignore[no-any-return]

    @cached_property
    def cards(self) -> list[Card]:
        """Open ones, the most urgent first."""
        rows: Any = self._rows
        found = rows.open().for_list().order_by("due_on", "pk")[:PANEL_ROWS]
        return [Card(item, self.today) for item in found]

    @cached_property
    def count(self) -> int:
        """How many there are and were."""
        return self._rows.count()

    @property
    def all_url(self) -> str:
        return f"{reverse('assignments:list')}?about={self.key}"


class OwnPanel:
    """What the person has to do and to verify: a part of My day and of home pages."""

    def __init__(self, user: User, today: date) -> None:
        self.user, self.today = user, today
        self._rows = WorkItem.objects.visible_to(user)

    @cached_property
    def to_do(self) -> list[Card]:
        """The most urgent ones to be done."""
        return self._cards(self._rows.to_do_by(self.user))

    @cached_property
    def to_verify(self) -> list[Card]:
        """Done by others, to be verified."""
        return self._cards(self._rows.to_verify_by(self.user))

    def _cards(self, rows: Any) -> list[Card]:
        found = rows.for_list().order_by("due_on", "pk")[:PANEL_ROWS]
        return [Card(item, self.today) for item in found]

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many in all."""
        return {
            "to_do": self._rows.to_do_by(self.user).count(),
            "to_verify": self._rows.to_verify_by(self.user).count(),
            "overdue": self._rows.to_do_by(self.user).overdue(self.today).count(),
        }


def count_mine(user: User) -> int:
    """The number on the rail: to be done and to be verified, both one's own by definition."""
    if not user.is_active:
        return 0
    rows = WorkItem.objects
    return int(rows.to_do_by(user).count() + rows.to_verify_by(user).count())
