"""Hand-overs take effect in time (CL-09, CAL-4): by the setting, or by the day the former left."""

from datetime import date

from django.db.models import Case, DateField, Exists, F, OuterRef, Subquery, When
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from clients.models import ClientAssignment, ClientTransferReason
from crm.accounts.models import User
from crm.calendar import add_working_days
from crm.work.registry import setting
from reports.timeliness.kind import Any, Kind, QuerySet, day_of, seen, termed


def redistribution_due(decided_on: date) -> date:
    """The last day on which a hand-over decided on the day takes effect in time."""
    return add_working_days(decided_on, setting("terms.redistribution_days"))


def _rows(user: User | None) -> QuerySet[Any]:
    """Clients that another manager had before, handed over and not taken back.

    Of a person who has left the clients are due by the last day of that person.
    """
    before = ClientAssignment.objects.primary().filter(
        client=OuterRef("client"), valid_to=OuterRef("valid_from"), pk__lt=OuterRef("pk")
    )
    left = Subquery(before.values("manager__dismissed_on")[:1], output_field=DateField())
    dismissal = When(transfer__kind=ClientTransferReason.DISMISSAL, then=left)
    rows = seen(ClientAssignment.objects, user).primary()
    rows = rows.filter(Exists(before), transfer__isnull=False, transfer__undone_at=None)
    return termed(
        rows.exclude(valid_to=F("valid_from")),
        who=F("manager"),
        unit=F("manager__org_unit"),
        since=day_of("transfer__created_at"),
        due=Case(dismissal, output_field=DateField()),
        done=F("valid_from"),
    )


KIND = Kind(
    code="redistribution",
    order=20,
    label=_("Redistribution of clients"),
    rule=_(
        "A hand-over takes effect within the working days of the setting; of a person who leaves,"
        " by the last day there"
    ),
    rows=_rows,
    what=lambda row: _now("Hand-over: %(why)s") % {"why": row.transfer.get_kind_display()},
    url=lambda row: row.client.get_absolute_url(),
    related=("client", "transfer"),
    term=redistribution_due,
)
