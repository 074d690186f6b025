"""The reason of My day that follows from new prices: a client that is not told of them yet."""

from __future__ import annotations

from datetime import date

from django.db.models import F, Min
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clients.contacting.next_step import Cases, Reason, ReasonRule, of_asked, register
from crm.shell.nav import address
from deals.actions.price_changes import last_day_shown
from deals.models import PriceChangeNotice


def _to_tell(today: date) -> Cases:
    """The last day for telling the client is near or has gone by, and the client has no notice."""
    rows = PriceChangeNotice.objects.to_tell(last_day_shown(today), today)
    rows = rows.filter(of_asked()).order_by()
    by_client = rows.values("client").annotate(first=Min("due_on"))
    return Cases(by_client, on=F("first"))


def _label(reason: Reason) -> str:
    on, today = reason.case.on, reason.at.today
    if on is not None and on < today:
        return _("Not notified of new prices on time: was due %(day)s") % {"day": f"{on:%d.%m}"}
    return _("Notify of new prices by %(day)s") % {"day": f"{on:%d.%m}"}


def _notices(reason: Reason) -> str:
    return f"{address('deals:price_notice_list')}?client={reason.client.pk}"


def register_price_reasons() -> None:
    """Declare it."""
    register(NEW_PRICES)


NEW_PRICES = ReasonRule(
    code="new_prices",
    rank=48,
    name=gettext_lazy("Not notified of new prices"),
    verb=gettext_lazy("Tell the client the new prices"),
    tone="warning",
    icon="tags",
    cases=_to_tell,
    label=_label,
    link=_notices,
    settled_by_contact=False,
)
