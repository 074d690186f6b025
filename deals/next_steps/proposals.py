"""The reasons of My day that follow from proposals: no answer, or an answer not acted upon."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from django.db.models import DateTimeField, Exists, F, Min, OuterRef, Q, Sum
from django.db.models.functions import Cast
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clients.contacting.next_step import Cases, Reason, ReasonRule, asked, register
from crm.money import format_number
from crm.shell.nav import address
from crm.work.registry import setting
from deals.models import Contract, Order, Proposal


def _unanswered(today: date) -> Cases:
    """The client has had a proposal for some days, or it soon holds no more."""
    sent_by = today - timedelta(days=setting("proposal.ask_after"))
    ends_by = today + timedelta(days=setting("proposal.ask_before_end"))
    pressing = Q(sent_on__lte=sent_by) | Q(valid_to__lte=ends_by)
    rows = Proposal.objects.sent().filter(pressing, valid_to__gte=today, client__in=asked())
    by_client = (
        rows.order_by()
        .values("client")
        .annotate(first=Min("sent_on"), ends=Min("valid_to"), whole=Sum("total"))
    )
    since = Cast(F("first"), DateTimeField())
    return Cases(by_client, since=since, on=F("ends"), amount=F("whole"))


def _unanswered_label(reason: Reason) -> str:
    day = reason.case.on or reason.at.today
    words = {"amount": _roubles(reason), "day": f"{day:%d.%m}"}
    return _("No answer to a proposal: %(amount)s, valid until %(day)s") % words


def _followed(today: date) -> Cases:
    """The client has agreed, and neither an order nor a contract was made of it."""
    since = today - timedelta(days=setting("proposal.follow_days"))
    rows = Proposal.objects.filter(
        *(
            ~Exists(made.objects.filter(proposal=OuterRef("pk")).exclude(state="cancelled"))
            for made in (Order, Contract)
        ),
        state="accepted",
        is_imported=False,
        answered_on__gte=since,
        client__in=asked(),
    )
    by_client = (
        rows.order_by().values("client").annotate(first=Min("answered_on"), whole=Sum("total"))
    )
    return Cases(by_client, on=F("first"), amount=F("whole"))


def _followed_label(reason: Reason) -> str:
    return _("Accepted, nothing made of it: %(amount)s") % {"amount": _roubles(reason)}


def _roubles(reason: Reason) -> str:
    return f"{format_number(reason.case.amount or 0)}\u00a0₽"


def _proposals(state: str) -> Callable[[Reason], str]:
    def link(reason: Reason) -> str:
        return f"{address('deals:proposal_list')}?client={reason.client.pk}&state={state}"

    return link


def register_proposal_reasons() -> None:
    """Declare them."""
    register(UNANSWERED)
    register(ACCEPTED)


UNANSWERED = ReasonRule(
    code="proposal_unanswered",
    rank=58,
    name=gettext_lazy("Proposal without an answer"),
    verb=gettext_lazy("Ask what the client says to the proposal"),
    tone="info",
    icon="receipt",
    cases=_unanswered,
    label=_unanswered_label,
    link=_proposals("sent"),
)
ACCEPTED = ReasonRule(
    code="proposal_accepted",
    rank=42,
    name=gettext_lazy("Accepted proposal not acted upon"),
    verb=gettext_lazy("Make the order or the contract"),
    tone="success",
    icon="receipt",
    cases=_followed,
    label=_followed_label,
    link=_proposals("accepted"),
    settled_by_contact=False,
)
