"""Acts of reconciliation are sent by the day of the schedule (REC-1)."""

from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from deals.models import BINDING_ITEM, ReconciliationItem, ScheduleState
from reports.timeliness.kind import Any, Kind, QuerySet, termed


def binding(user: User | None) -> Any:
    """Reconciliations that have to be: approved and not cancelled."""
    rows = ReconciliationItem.objects
    found = rows.all() if user is None else rows.in_sums_of(user)
    return found.filter(state__in=BINDING_ITEM).exclude(schedule__state=ScheduleState.DRAFT)


def answerer() -> Any:
    """The manager kept when the act was signed, else the client's of today."""
    return Coalesce(F("manager"), F("client__manager"))


def act_words(row: ReconciliationItem) -> str:
    """What a row of the schedule is called."""
    facts = {"day": f"{row.as_of:%d.%m.%Y}", "kind": row.get_kind_display().lower()}
    return _now("Reconciliation as of %(day)s, %(kind)s") % facts


def _rows(user: User | None) -> QuerySet[Any]:
    return termed(
        binding(user),
        who=answerer(),
        unit=F("client__org_unit"),
        due=F("send_by"),
        done=Coalesce(F("sent_on"), F("signed_on")),
    )


KIND = Kind(
    code="acts_sent",
    order=60,
    label=_("Acts of reconciliation sent"),
    rule=_("By the day of the schedule"),
    rows=_rows,
    what=act_words,
    url=lambda row: row.get_absolute_url(),
    related=("client",),
)
