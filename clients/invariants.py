"""What must hold in the client base at any quiet moment (crm.work.invariants)."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db.models import BooleanField, F, Func, Max, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from clients.models import CategoryAssignment, CategoryChangeRequest, Client, ContactLog
from clients.models import ClientAssignment as Assignment
from crm.work import invariants


def register_invariants() -> None:
    """Declare the checks."""
    invariants.register("category is the one in force", category_in_force)
    invariants.register("manager is the one assigned", manager_assigned)
    invariants.register("last contact is right", last_contact_right)
    invariants.register("a change in effect has its assignment", change_has_assignment)


def category_in_force(now: datetime) -> Iterable[str]:
    """The category on the card is that of the history on this day."""
    rows = _on(CategoryAssignment.objects.all(), timezone.localdate(now)).values("category")
    return _names(_differing("category", rows))


def manager_assigned(now: datetime) -> Iterable[str]:
    """The manager on the card is the one who is assigned on this day."""
    assigned = Assignment.objects.filter(role="primary")
    return _names(_differing("manager", _on(assigned, timezone.localdate(now)).values("manager")))


def last_contact_right(_now: datetime) -> Iterable[str]:
    """The moment on the card is that of the last contact that reached the client."""
    credited = ContactLog.objects.filter(client=OuterRef("pk")).credited().order_by()
    last = credited.values("client").annotate(moment=Max("done_at")).values("moment")
    return _names(_differing("last_contact_at", last))


def change_has_assignment(_now: datetime) -> Iterable[str]:
    """A request in effect has exactly one row of history, another one has none."""
    wrong = CategoryChangeRequest.objects.filter(
        Q(state="effective", assignment=None) | (~Q(state="effective") & ~Q(assignment=None))
    )
    return (f"request {pk}" for pk in wrong.values_list("pk", flat=True)[: invariants.SHOWN])


def _on(rows: "QuerySet[Any]", day: date) -> "QuerySet[Any]":
    """The row of the client that holds on the day; ranges are half-open."""
    holds = Q(valid_to=None) | Q(valid_to__gt=day)
    return rows.filter(holds, client=OuterRef("pk"), valid_from__lte=day).order_by()


def _differing(field: str, rows: "QuerySet[Any]") -> "QuerySet[Client]":
    """Clients on whose card the field is not what the rows say; null differs from a value."""
    differs = Func(
        F(field),
        F("true"),
        template="(%(expressions)s)",
        arg_joiner=" IS DISTINCT FROM ",
        output_field=BooleanField(),
    )
    return Client.objects.alias(true=Subquery(rows[:1])).filter(differs)


def _names(clients: "QuerySet[Client]") -> Iterable[str]:
    return (f"client {pk}" for pk in clients.values_list("pk", flat=True)[: invariants.SHOWN])
