"""Facts about one employee, for the heads: development, documents read, checks, results, pay."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from crm.calendar import month_start
from crm.library.models import Acknowledgement, DocumentVersion
from crm.work.registry import setting
from reports import links
from reports.models import (
    IncentiveDecision,
    IncentiveSheet,
    KpiSnapshot,
    SpotCheck,
    StaffNote,
    StaffNoteKind,
    Violation,
)
from reports.registry import Params, Row, Text

MOST = 10
KINDS: list[tuple[str, Text]] = [("", _("All kinds")), *StaffNoteKind.choices]


def development(user: User, params: Params) -> Iterator[Row]:
    """Notes with a day in the period, the latest first."""
    period = params["period"]
    rows = StaffNote.objects.visible_to(user).standing()
    rows = rows.filter(noted_on__range=(period.first, period.last))
    if params.get("kind"):
        rows = rows.filter(kind=params["kind"])
    if unit := params.get("unit"):
        rows = rows.filter(employee__org_unit__path__startswith=unit.path)
    for note in rows.select_related("employee__org_unit", "author"):
        place = note.employee.org_unit
        yield {
            "on": note.noted_on,
            "name": note.employee.short_name,
            "url": links.one_of_many("accounts:user_detail", note.employee_id),
            "unit": place.name if place else "",
            "kind": note.get_kind_display(),
            "text": note.text,
            "author": note.author.short_name,
        }


@dataclass(frozen=True)
class MonthOfPerson:
    """What the person reached in a month; the composite is of the incentive sheet."""

    month: date
    url: str
    ship: Decimal
    cash: Decimal
    active: int
    contacts: int
    composite: Decimal | None
    sheet_url: str


class StaffFacts:
    """One person as the heads see the work; each part is read when the page asks for it."""

    def __init__(self, person: User, user: User, today: date) -> None:
        self.person, self.user, self.today = person, user, today
        self.first = month_start(today, 1 - int(setting("workload.history_months")))

    @cached_property
    def notes(self) -> list[StaffNote]:
        """Courses, reserve and recommendations that stand."""
        rows = StaffNote.objects.visible_to(self.user).standing().filter(employee=self.person)
        return list(rows.select_related("author")[:MOST])

    @cached_property
    def read(self) -> list[Acknowledgement]:
        """Documents of the library that the person has acknowledged, the latest first."""
        rows = Acknowledgement.objects.filter(person=self.person)
        return list(rows.select_related("version__document").order_by("-at", "-pk")[:MOST])

    @cached_property
    def unread(self) -> list[DocumentVersion]:
        """What the person has still to read."""
        rows = DocumentVersion.objects.waiting_for(self.person, self.today)
        return list(rows.select_related("document")[:MOST])

    @cached_property
    def checks(self) -> dict[str, Any]:
        """Completed checks and violations of the months shown, with the lists behind them."""
        done = SpotCheck.objects.visible_to(self.user).filter(
            checked=self.person, state="completed", completed_at__date__gte=self.first
        )
        counted = done.aggregate(
            checks=Count("pk", distinct=True),
            rows=Count("items", filter=~Q(items__result="na")),
            bad=Count("items", filter=Q(items__result="violation")),
        )
        asked = {"checked": self.person.pk, "state": "completed"}
        return {**counted, "url": f"{reverse('reports:check_list')}?{urlencode(asked)}"}

    @cached_property
    def violations(self) -> list[Violation]:
        """Violations of the months shown."""
        rows = Violation.objects.visible_to(self.user).filter(
            person=self.person, found_on__gte=self.first
        )
        return list(rows.select_related("item")[:MOST])

    @cached_property
    def months(self) -> list[MonthOfPerson]:
        """Results by month, the latest first."""
        rows = KpiSnapshot.objects.managers().filter(
            manager=self.person, month__gte=self.first, month__lte=self.today
        )
        found: dict[date, dict[str, Any]] = {}
        for row in rows.values("month", "ship", "cash", "active", "contacts"):
            sums = found.setdefault(row["month"], dict.fromkeys(row, 0))
            for name in ("ship", "cash", "active", "contacts"):
                sums[name] += row[name]
        sheets = {one.month: one for one in self.sheets}
        return [
            MonthOfPerson(
                month,
                self._behind(month),
                sums["ship"],
                sums["cash"],
                sums["active"],
                sums["contacts"],
                sheets[month].composite if month in sheets else None,
                sheets[month].get_absolute_url() if month in sheets else "",
            )
            for month, sums in sorted(found.items(), reverse=True)
        ]

    def _behind(self, month: date) -> str:
        asked = {"month": f"{month:%Y-%m}", "manager": self.person.pk, "by": "client"}
        return links.report("plan_fact", **asked)

    @cached_property
    def sheets(self) -> list[IncentiveSheet]:
        """Sheets of pay of the months shown that the reader sees."""
        rows = IncentiveSheet.objects.visible_to(self.user)
        rows = rows.filter(employee=self.person, month__gte=self.first)
        return list(rows.order_by("-month", "-pk"))

    @cached_property
    def decisions(self) -> list[IncentiveDecision]:
        """Rewards and reductions of these sheets that stand."""
        rows = IncentiveDecision.objects.standing().filter(sheet__in=self.sheets)
        return list(rows.select_related("sheet").order_by("-created_at", "-pk")[:MOST])
