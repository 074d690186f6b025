"""The reason of My day that follows from letters: an answer that is due."""

from __future__ import annotations

from datetime import date

from django.db.models import F, Max, Min, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clients.contacting.next_step import Cases, Reason, ReasonRule, asked, register
from clients.models import Correspondence
from crm.calendar import add_working_days
from crm.shell.nav import address
from crm.work.registry import setting


def _due(today: date) -> Cases:
    """To be answered soon or late, by the client's manager or by nobody yet."""
    last = add_working_days(today, setting("letters.soon_days"))
    mine = Q(executor=F("client__manager")) | Q(executor=None)
    rows = Correspondence.objects.open().filter(mine, client__in=asked(), reply_due__lte=last)
    by_client = rows.order_by().values("client")
    complaint = Max("kind", filter=Q(kind="complaint"))
    found = by_client.annotate(first=Min("reply_due"), complaint=complaint)
    return Cases(found, on=F("first"), text=F("complaint"))


def _due_label(reason: Reason) -> str:
    on = reason.case.on or reason.at.today
    complaint = bool(reason.case.text)
    if on < reason.at.today:
        words = (
            _("Complaint not answered, was due %(day)s")
            if complaint
            else _("Letter not answered, was due %(day)s")
        )
    else:
        words = (
            _("Answer the complaint by %(day)s") if complaint else _("Answer the letter by %(day)s")
        )
    return words % {"day": f"{on:%d.%m}"}


def _letters(reason: Reason) -> str:
    page = address("clients:letter_list")
    return f"{page}?client={reason.client.pk}&step=open" if page else ""


def register_letter_reasons() -> None:
    """Declare it."""
    register(LETTER_DUE)


LETTER_DUE = ReasonRule(
    code="letter",
    rank=35,
    name=gettext_lazy("Letters to be answered"),
    verb=gettext_lazy("Answer the letter"),
    tone="danger",
    icon="mail-exclamation",
    cases=_due,
    label=_due_label,
    link=_letters,
    settled_by_contact=False,
)
