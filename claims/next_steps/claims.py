"""The reasons of My day that follow from claims: one to be decided, one decided and not settled."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.db.models import Count, DateTimeField, F, Min
from django.db.models.functions import Cast
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from claims.models import Claim
from clients.contacting.next_step import Cases, Reason, ReasonRule, of_asked, register
from crm.calendar import add_working_days
from crm.shell.nav import address
from crm.work.registry import setting


def _due(today: date) -> Cases:
    """Not decided, and the last day of the answer is near or gone."""
    last = add_working_days(today, setting("claim.soon_days"))
    rows = Claim.objects.open().filter(of_asked(), response_due__lte=last)
    by_client = rows.order_by().values("client")
    found = by_client.annotate(came=Min("registered_on"), last=Min("response_due"))
    return Cases(found, since=Cast(F("came"), DateTimeField()), on=F("last"))


def _due_label(reason: Reason) -> str:
    on = reason.case.on or reason.at.today
    day = f"{on:%d.%m}"
    if on < reason.at.today:
        return _("Claim late, was to be answered by %(day)s") % {"day": day}
    return _("Claim to be answered by %(day)s") % {"day": day}


def _unsettled(today: date) -> Cases:
    """Decided, and the client has not got it or was not written to."""
    rows = Claim.objects.to_settle().filter(of_asked())
    found = rows.order_by().values("client").annotate(first=Min("decided_on"), n=Count("pk"))
    return Cases(found, since=Cast(F("first"), DateTimeField()), on=F("first"), amount=F("n"))


def _unsettled_label(reason: Reason) -> str:
    on = reason.case.on or reason.at.today
    count = int(reason.case.amount or 1)
    words = ngettext(
        "Claim decided %(day)s: compensate, answer",
        "%(n)s claims decided since %(day)s: compensate, answer",
        count,
    )
    return words % {"day": f"{on:%d.%m}", "n": count}


def _claims(query: str) -> Callable[[Reason], str]:
    def link(reason: Reason) -> str:
        page = address("claims:list")
        return f"{page}?client={reason.client.pk}&{query}" if page else ""

    return link


def register_claim_reasons() -> None:
    """Declare them."""
    for rule in (DUE, UNSETTLED):
        register(rule)


DUE = ReasonRule(
    code="claim_due",
    rank=30,
    name=gettext_lazy("Claims to be answered"),
    verb=gettext_lazy("Settle the claim"),
    tone="danger",
    icon="message-report",
    cases=_due,
    label=_due_label,
    link=_claims("step=decide"),
    settled_by_contact=False,
)
UNSETTLED = ReasonRule(
    code="claim_settle",
    rank=59,
    name=gettext_lazy("Decided claims not settled"),
    verb=gettext_lazy("Compensate and answer the claim"),
    tone="warning",
    icon="message-check",
    cases=_unsettled,
    label=_unsettled_label,
    link=_claims("step=settle"),
    settled_by_contact=False,
)
