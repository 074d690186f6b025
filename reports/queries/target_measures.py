"""What target tasks may be measured by without anybody telling: counted from what there is.

    Measure("sheets_approved", …)      # the sheets of the owner's clients that are due

A task with a measure has its fact and its evidence from here; the plan is in per cent of what is
due. What counts is what was done by the last day of the task, whenever it is counted.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from clients.models import RegistrationSheet
from clients.querysets.clients import start_of
from crm.accounts.models import HEADS, OrgUnit
from crm.money import percent
from crm.said import said
from reports.models.targets import TargetMeasure

if TYPE_CHECKING:
    from reports.models import TargetTask

UNIT = "%"


@dataclass(frozen=True)
class Counted:
    """So many were done of those due, in words, and where they are listed."""

    done: int
    due: int
    text: str
    url: str
    due_url: str

    @property
    def fact(self) -> Decimal:
        """Per cent; nought while nothing is due."""
        return percent(self.done, self.due) or Decimal(0)


@dataclass(frozen=True)
class Measure:
    """How a task is measured; `done` are the rows that count by the day, `asked` as a filter."""

    done: Callable[[date], Q]
    asked: Callable[[date], dict[str, Any]]
    said: str | Promise


def count_of(task: TargetTask) -> Counted | None:
    """What the measure of the task gives now: one query; None without a measure."""
    measure = MEASURES.get(task.measure)
    if measure is None:
        return None
    rows = _sheets_due(task).aggregate(
        due=Count("pk"), done=Count("pk", filter=measure.done(task.due_on))
    )
    values = {"done": rows["done"], "due": rows["due"], "day": f"{task.due_on:%d.%m.%Y}"}
    return Counted(
        rows["done"],
        rows["due"],
        said(lambda: str(measure.said) % values),
        _listed(task, measure.asked(task.due_on)),
        _listed(task, {}),
    )


def _sheets_due(task: TargetTask) -> Any:
    """Sheets of campaigns that run in the month: of a manager's clients, of a head's unit."""
    rows: Any = RegistrationSheet.objects.counted().order_by()
    rows = rows.filter(deadline__gte=task.month, campaign__started_on__lte=task.due_on)
    if task.owner.role not in HEADS:
        return rows.filter(manager=task.owner_id)
    units = (
        OrgUnit.objects.subtree_of([task.org_unit_id])
        if task.org_unit_id
        else OrgUnit.objects.none()
    )
    return rows.filter(client__org_unit__in=units.values("pk"))


def _listed(task: TargetTask, more: dict[str, Any]) -> str:
    heads = task.owner.role in HEADS
    whose = {"unit": task.org_unit_id} if heads else {"manager": task.owner_id}
    span = {"due_from": task.month.isoformat(), "begun_to": task.due_on.isoformat()}
    return f"{reverse('clients:sheet_list')}?{urlencode({**whose, **span, **more}, doseq=True)}"


MEASURES: dict[str, Measure] = {
    TargetMeasure.SHEETS_SUBMITTED: Measure(
        done=lambda day: Q(state__in=["submitted", "approved"], first_submitted_on__lte=day),
        asked=lambda day: {"state": ["submitted", "approved"], "handed_to": day.isoformat()},
        said=gettext_lazy(
            "%(done)s of %(due)s registration sheets that are due were handed in by %(day)s."
        ),
    ),
    TargetMeasure.SHEETS_APPROVED: Measure(
        done=lambda day: Q(state="approved", decided_at__lt=start_of(day + timedelta(days=1))),
        asked=lambda day: {"state": ["approved"], "decided_to": day.isoformat()},
        said=gettext_lazy(
            "%(done)s of %(due)s registration sheets that are due were approved by %(day)s."
        ),
    ),
}
