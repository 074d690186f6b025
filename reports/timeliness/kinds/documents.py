"""Documents of paid invoices are made within the term (DOC-1, III.17)."""

from django.db.models import F
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from deals.packages import documents_deadline, paid_invoices
from reports.timeliness.kind import Any, Kind, QuerySet, termed


def _rows(user: User | None) -> QuerySet[Any]:
    rows = paid_invoices()
    return termed(
        rows if user is None else rows.in_sums_of(user),
        who=F("client__manager"),
        unit=F("client__org_unit"),
        since=F("settled_on"),
        done=F("documents_on"),
    )


KIND = Kind(
    code="documents",
    order=90,
    label=_("Documents of paid invoices"),
    rule=_("Goods are posted within the working days of the setting after the payment"),
    rows=_rows,
    what=lambda row: _now("Invoice %(number)s") % {"number": row.number},
    url=lambda row: row.get_absolute_url(),
    related=("client",),
    term=documents_deadline,
)
