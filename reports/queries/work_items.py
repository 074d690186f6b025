"""Work items in figures: execution by person (TASK-1), response of units, waiting questions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, F, Q, Sum
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.accounts.models import OrgUnit, User
from crm.assignments.filters import of_unit
from crm.assignments.models import ASKED, WorkItem, WorkState
from crm.assignments.querysets import in_time, undone
from crm.assignments.tables import executor_of
from crm.calendar import add_working_days
from crm.money import percent, round_half_up
from reports import links
from reports.registry import Params, Row

ALL = "all"
COUNTS = ("total", "done", "to_verify", "in_time", "overdue")
RESPONSES = ("asked", "answered", "answered_in_time", "due", "waiting", "late", "days")


def execution(user: User, params: Params) -> list[Row]:
    """Work due in the period by whoever does it; withdrawn work does not count (TASK-1)."""
    period = params["period"]
    rows: Any = WorkItem.objects.visible_to(user).standing().with_answerer()
    rows = rows.filter(due_on__gte=period.first, due_on__lte=period.last)
    rows = _narrowed(rows, params)
    late = undone() & Q(due_on__lt=params["as_of"])
    solved = Q(state=WorkState.RESOLVED)
    found = list(
        rows.order_by()
        .values("answerer")
        .annotate(
            total=Count("pk"),
            done=Count("pk", filter=solved),
            to_verify=Count("pk", filter=~undone() & ~solved),
            in_time=Count("pk", filter=solved & in_time()),
            overdue=Count("pk", filter=late),
        )
    )
    people = User.objects.in_bulk([row["answerer"] for row in found if row["answerer"]])
    days = {"due_from": period.first, "due_to": period.last}
    made = []
    for row in found:
        person = people.get(row["answerer"])
        name = person.short_name if person else _("Nobody")
        url = _register(params, answerer=person.pk if person else None, **days)
        made.append({**row, "name": name, "url": url, **shares(row)})
    return sorted(made, key=lambda row: (-row["overdue"], row["name"]))


def shares(row: Row) -> dict[str, Any]:
    """Done of all, in time of what is done; never averaged."""
    return {
        "done_pct": percent(row["done"], row["total"]),
        "on_time_pct": percent(row["in_time"], row["done"]),
    }


def execution_totals(user: User, params: Params, rows: Sequence[Row]) -> Row:
    """The same shares of all of them."""
    return shares({name: sum(row[name] for row in rows) for name in COUNTS})


def response(user: User, params: Params) -> list[Row]:
    """What was asked of units in the period: answered, in time, how long it took."""
    period, today = params["period"], timezone.localdate()
    rows: Any = WorkItem.objects.visible_to(user).standing().filter(kind__in=list(ASKED))
    rows = rows.filter(created_on__gte=period.first, created_on__lte=period.last)
    rows = _narrowed(rows, params).annotate(of=Coalesce("executor__org_unit", "unit"))
    answered = Q(answered_on__isnull=False)
    in_time = Q(answered_on__lte=F("feedback_due"))
    late = Q(answered_on=None, feedback_due__lt=today) & ~Q(state=WorkState.RESOLVED)
    found = list(
        rows.order_by()
        .values("of")
        .annotate(
            asked=Count("pk"),
            answered=Count("pk", filter=answered),
            answered_in_time=Count("pk", filter=in_time),
            due=Count("pk", filter=answered | late),
            waiting=Count("pk", filter=~answered),
            late=Count("pk", filter=late),
            spent=Sum(F("answered_on") - F("created_on"), filter=answered),
        )
    )
    units = OrgUnit.objects.in_bulk([row["of"] for row in found if row["of"]])
    days = {"created_from": period.first, "created_to": period.last}
    made = []
    for row in found:
        unit = units.get(row["of"])
        row["days"] = int(row["spent"].days) if row["spent"] else 0
        url = _register(params, ASKED, own_unit=unit.pk if unit else None, **days)
        made.append({**row, "name": unit.name if unit else "—", "url": url, **speed(row)})
    return sorted(made, key=lambda row: (-row["late"], row["name"]))


def speed(row: Row) -> dict[str, Any]:
    """In time of those answered or late; calendar days of an answer on the average."""
    spent, answered = Decimal(row["days"]), row["answered"]
    return {
        "share": percent(row["answered_in_time"], row["due"]),
        "average": round_half_up(spent / answered, 1) if answered else None,
    }


def response_totals(user: User, params: Params, rows: Sequence[Row]) -> Row:
    """The same of all of them."""
    return speed({name: sum(row[name] for row in rows) for name in RESPONSES})


def without_movement(user: User, params: Params) -> Iterator[Row]:
    """Questions that wait for an answer longer than so many working days, the oldest first."""
    today = timezone.localdate()
    rows: Any = _narrowed(WorkItem.objects.visible_to(user).unanswered(), params)
    for item in rows.for_list().order_by("created_on", "pk"):
        if add_working_days(item.created_on, params["days"]) < today:
            yield _question(item, today)


def _question(item: WorkItem, today: date) -> Row:
    waited = (today - item.feedback_due).days if item.feedback_due else 0
    return {
        "number": item.number,
        "url": links.record("assignments:detail", item.pk),
        "title": item.title,
        "kind": item.get_kind_display(),
        "author": item.author.short_name,
        "executor": executor_of(item),
        "created": item.created_on,
        "feedback_due": item.feedback_due,
        "days": (today - item.created_on).days,
        "late": max(waited, 0),
    }


def _register(params: Params, kinds: Sequence[str] = (), **filters: Any) -> str:
    """The rows behind a line."""
    kind = list(kinds) if params["kind"] == ALL else [params["kind"]]
    unit = params.get("unit")
    given = {"kind": kind, "step": "standing", "unit": unit and unit.pk, **filters}
    known = {name: value for name, value in given.items() if value}
    return f"{reverse('assignments:list')}?{urlencode(known, doseq=True)}"


def _narrowed(rows: Any, params: Params) -> Any:
    """Of one kind and of a unit with everything below it."""
    if params["kind"] != ALL:
        rows = rows.filter(kind=params["kind"])
    if unit := params.get("unit"):
        rows = rows.filter(of_unit(unit))
    return rows
