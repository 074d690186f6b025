"""New clients are given to a manager (CL-09, CAL-4): the first person who answers for a client.

The documents that the product was built by name CAL-4 without an example of it; the term is a
setting, counted like the other terms of working days: from the day after the client was added.
"""

from datetime import date

from django.db.models import F, OuterRef, Subquery
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from clients.models import Client, ClientAssignment
from crm.accounts.models import User
from crm.calendar import add_working_days
from crm.work.registry import setting
from reports.timeliness.kind import Any, Kind, QuerySet, day_of, seen, termed


def distribution_due(added_on: date) -> date:
    """The last day on which a client added on the day is given to a manager in time."""
    return add_working_days(added_on, setting("terms.distribution_days"))


def _rows(user: User | None) -> QuerySet[Any]:
    """Clients with the first who answered; archived ones that never had anybody are left out."""
    first = ClientAssignment.objects.primary().filter(client=OuterRef("pk"))
    first = first.order_by("valid_from", "pk")
    rows = termed(
        seen(Client.objects, user),
        who=Subquery(first.values("manager")[:1]),
        unit=F("org_unit"),
        since=day_of("created_at"),
        done=Subquery(first.values("valid_from")[:1]),
    )
    return rows.exclude(archived_at__isnull=False, t_done=None)


KIND = Kind(
    code="distribution",
    order=10,
    label=_("Distribution of new clients"),
    rule=_("A new client has a manager within the working days of the setting"),
    rows=_rows,
    what=lambda row: _now("Client added"),
    url=lambda row: row.get_absolute_url(),
    client=lambda row: row,
    term=distribution_due,
    moment="created_at",
)
