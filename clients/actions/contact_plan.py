"""The monthly contact plan: made from the norms, corrected by heads (CL-11, S2B.III.2)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from clients import permissions
from clients.contacting.contact_plan_holders import refuse_if_held
from clients.contacting.norms import ContactNorm, contact_norms, norm_key
from clients.models import Client, ClientAssignment, ClientStatus, ContactPlanLine
from crm.calendar import month_start
from crm.errors import RuleViolation, StaleVersion
from crm.history import verb

if TYPE_CHECKING:
    from crm.accounts.models import User

PLANNED_STATUSES = (ClientStatus.CLIENT, ClientStatus.PROSPECT, ClientStatus.TRADING_HALL)
BATCH = 2000


class Owned(NamedTuple):
    """A client as the plan sees it on the first day of the month."""

    client_id: int
    manager_id: int
    category: str
    status: str


@transaction.atomic
def generate_contact_plan(month: date, *, today: date) -> int:
    """Add the missing lines of the month: clients with a category and a manager on its first day.

    Lines that nobody touched follow the manager and the norm of that day until the month begins;
    lines changed by a person stay. Returns how many lines were added or followed.
    """
    first = month.replace(day=1)
    norms = contact_norms()
    written = 0
    with verb("contact_plan.generated", by=None):
        for rows in _batches(_planned_clients(first)):
            lines = [_line(row, first, norms) for row in rows]
            lines = [line for line in lines if line.planned_count]
            written += _add(lines, first)
            if today <= first:
                written += _follow(lines, first)
    return written


def _planned_clients(first: date) -> list[Owned]:
    """Whom the client belongs to on the first of the month, for open clients with a category."""
    rows = (
        ClientAssignment.objects.on(first)
        .primary()
        .filter(
            client__archived_at=None,
            client__status__in=PLANNED_STATUSES,
            client__category__isnull=False,
        )
        .order_by("client_id")
        .values_list("client_id", "manager_id", "client__category", "client__status")
    )
    return [Owned(*row) for row in rows]


def _batches(rows: list[Owned]) -> Iterator[list[Owned]]:
    for start in range(0, len(rows), BATCH):
        yield rows[start : start + BATCH]


def _line(row: Owned, first: date, norms: dict[str, ContactNorm]) -> ContactPlanLine:
    norm = norms[norm_key(row.category, row.status)]
    return ContactPlanLine(
        month=first,
        client_id=row.client_id,
        manager_id=row.manager_id,
        planned_count=norm.contacts,
        planned_visits=norm.visits,
    )


def _add(lines: list[ContactPlanLine], first: date) -> int:
    """Insert the lines whose client has none yet, whoever else inserts them meanwhile."""
    before = _of(lines, first).count()
    ContactPlanLine.objects.bulk_create(lines, ignore_conflicts=True)
    return int(_of(lines, first).count() - before)


def _of(lines: list[ContactPlanLine], first: date) -> QuerySet[ContactPlanLine]:
    return ContactPlanLine.objects.filter(
        month=first, client__in=[line.client_id for line in lines]
    )


def _follow(lines: list[ContactPlanLine], first: date) -> int:
    """Bring untouched lines to the manager and the norm of the first day."""
    wanted = {line.client_id: line for line in lines}
    stale = []
    for line in _of(lines, first).filter(version=1).select_for_update():
        new = wanted[line.client_id]
        facts = (new.manager_id, new.planned_count, new.planned_visits)
        if facts != (line.manager_id, line.planned_count, line.planned_visits):
            line.manager_id, line.planned_count, line.planned_visits = facts
            stale.append(line)
    ContactPlanLine.objects.bulk_update(stale, ["manager", "planned_count", "planned_visits"])
    return len(stale)


def plan_contacts_of_months(*, today: date, plan_day: int) -> int:
    """Daily: next month's plan from its day on; this month's on the first, or when it is empty."""
    first = today.replace(day=1)
    written = 0
    if today.day == 1 or not ContactPlanLine.objects.of_month(first).exists():
        written += generate_contact_plan(first, today=today)
    if today.day >= plan_day:
        following = month_start(first, 1)
        written += generate_contact_plan(following, today=today)
    return written


@transaction.atomic
def edit_plan_line(
    line_id: int, *, by: User, version: int, planned_count: int, planned_visits: int, today: date
) -> ContactPlanLine:
    """Change the planned numbers of this or a coming month: heads, and managers where allowed."""
    rows = ContactPlanLine.objects.visible_to(by).select_for_update(of=("self",))
    line: ContactPlanLine = rows.get(pk=line_id)
    unit_id = Client.objects.values_list("org_unit_id", flat=True).get(pk=line.client_id)
    if not permissions.can_edit_plan_line(by, line.manager_id, unit_id):
        raise PermissionDenied
    if line.version != version:
        raise StaleVersion(of=line)
    if line.month < today.replace(day=1):
        raise RuleViolation(_("The month is over; its plan stays as it was."))
    if planned_count != line.planned_count:
        refuse_if_held(line)
    if planned_visits > planned_count:
        raise RuleViolation(
            _("Visits are a part of the contacts, so there cannot be more of them."),
            field="planned_visits",
        )
    with verb("contact_plan.edited", by=by):
        line.planned_count, line.planned_visits = planned_count, planned_visits
        line.version = F("version") + 1
        line.save(update_fields=["planned_count", "planned_visits", "version"])
    line.refresh_from_db()
    return line


@transaction.atomic
def follow_plan(month: date, planned: dict[int, tuple[int, int]], *, by: User) -> int:
    """The approved monthly plan says how many contacts each client gets: manager and number.

    Visits stay as they are, no more than the contacts. Returns how many lines were written.
    """
    first = month.replace(day=1)
    have = {
        line.client_id: line
        for line in ContactPlanLine.objects.of_month(first)
        .filter(client__in=list(planned))
        .select_for_update()
        .order_by("pk")
    }
    changed = []
    for client_id, line in have.items():
        manager_id, count = planned[client_id]
        # A line that nobody touched would go on following the norm: its version says otherwise.
        if line.version == 1 or (line.manager_id, line.planned_count) != (manager_id, count):
            line.manager_id, line.planned_count = manager_id, count
            line.planned_visits = min(line.planned_visits, count)
            line.version += 1
            changed.append(line)
    new = [
        ContactPlanLine(month=first, client_id=client, manager_id=who, planned_count=count)
        for client, (who, count) in planned.items()
        if client not in have and count
    ]
    with verb("contact_plan.followed", by=by):
        ContactPlanLine.objects.bulk_update(
            changed, ["manager", "planned_count", "planned_visits", "version"], batch_size=BATCH
        )
        ContactPlanLine.objects.bulk_create(new, batch_size=BATCH)
    return len(changed) + len(new)
