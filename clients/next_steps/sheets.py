"""The reason of My day that follows from registration sheets: one that is due or was returned."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import F, Max, Min, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clients.contacting.next_step import Cases, Reason, ReasonRule, of_asked, register
from clients.models import RegistrationSheet
from crm.shell.nav import address_of
from crm.work.registry import setting


def _due(today: date) -> Cases:
    """Open sheets of running campaigns: near their day, gone by, or returned."""
    last = today + timedelta(days=setting("registration.soon_days"))
    rows = RegistrationSheet.objects.of_running().open().filter(of_asked())
    near = rows.filter(Q(deadline__lte=last) | Q(state="returned")).order_by()
    found = near.values("client").annotate(
        first=Min("deadline"),
        sheet=Min("pk"),
        returned=Max("state", filter=Q(state="returned")),
    )
    return Cases(found, on=F("first"), amount=F("sheet"), text=F("returned"))


def _label(reason: Reason) -> str:
    on = reason.case.on or reason.at.today
    if reason.case.text:
        words = _("Registration sheet returned, due %(day)s")
    elif on < reason.at.today:
        words = _("Registration sheet not handed in, was due %(day)s")
    else:
        words = _("Registration sheet due %(day)s")
    return words % {"day": f"{on:%d.%m}"}


def _link(reason: Reason) -> str:
    return address_of("clients:sheet_detail", int(reason.case.amount or 0))


def register_sheet_reasons() -> None:
    """Declare it."""
    register(SHEET_DUE)


SHEET_DUE = ReasonRule(
    code="sheet",
    rank=70,
    name=gettext_lazy("Registration sheets due"),
    verb=gettext_lazy("Fill in the registration sheet"),
    tone="warning",
    icon="forms",
    cases=_due,
    label=_label,
    link=_link,
    settled_by_contact=False,
)
