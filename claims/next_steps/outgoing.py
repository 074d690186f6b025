"""The reasons of My day that follow from claims against clients and from limitation."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import CharField, F, Func, Min, Sum, Value
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.models import LimitationWatch, OutgoingClaim
from clients.contacting.next_step import Cases, Reason, ReasonRule, asked, register
from crm.money import format_number
from crm.shell.nav import address
from crm.work.registry import setting


def _awaited(today: date) -> Cases:
    """The answer to a claim is due soon, or was not given in time."""
    soon = today + timedelta(days=setting("outgoing.soon_days"))
    rows = OutgoingClaim.objects.filter(
        state__in=["sent", "term_expired"], response_due__lte=soon, client__in=asked()
    )
    by_client = rows.order_by().values("client")
    facts = by_client.annotate(due=Min("response_due"), sum=Sum("total"), which=Min("number"))
    return Cases(facts, on=F("due"), amount=F("sum"), text=F("which"))


def _awaited_label(reason: Reason) -> str:
    due, today = reason.case.on, reason.at.today
    over = due is not None and due < today
    words = (
        _("Claim %(number)s: no answer by %(day)s") if over
        else _("Claim %(number)s: answer by %(day)s")
    )  # fmt: skip
    return words % {"number": reason.case.text, "day": f"{due:%d.%m}" if due else ""}


def _unsent(today: date) -> Cases:
    """A draft that nobody handed on, or that the lawyer gave back."""
    rows = OutgoingClaim.objects.filter(state="draft", client__in=asked())
    by_client = rows.order_by().values("client")
    facts = by_client.annotate(counted=Min("calculated_to"), which=Min("number"))
    return Cases(facts, on=F("counted"), text=F("which"))


def _unsent_label(reason: Reason) -> str:
    return _("Claim %(number)s: your turn") % {"number": reason.case.text}


def _running_out(today: date) -> Cases:
    """Debts in no claim whose limitation ends within the alerts."""
    rows = LimitationWatch.objects.running(today).filter(invoice__client__in=asked())
    rows = rows.exclude(invoice__outgoing_lines__is_held=True)
    by_client = rows.order_by().values("invoice__client")
    facts = by_client.annotate(
        first=Min("last_day"), told=Min("told_on"), debt=Sum("invoice__open_amount")
    )
    day = Func(F("first"), Value("DD.MM.YYYY"), function="to_char", output_field=CharField())
    return Cases(facts, client="invoice__client", on=F("told"), amount=F("debt"), text=day)


def _running_label(reason: Reason) -> str:
    return _("Limitation ends on %(day)s: %(amount)s") % {
        "day": reason.case.text,
        "amount": f"{format_number(reason.case.amount or 0)}\u00a0₽",
    }


def _claims(reason: Reason) -> str:
    return f"{address('claims:outgoing_list')}?client={reason.client.pk}&step=open"


def _debts(reason: Reason) -> str:
    return f"{address('claims:limitation_list')}?client={reason.client.pk}"


def register_outgoing_reasons() -> None:
    """Declare them."""
    for rule in (RUNNING_OUT, AWAITED, UNSENT):
        register(rule)


RUNNING_OUT = ReasonRule(
    code="limitation",
    rank=24,
    name=gettext_lazy("Limitation ends soon"),
    verb=gettext_lazy("Draw up a claim before the limitation ends"),
    tone="danger",
    icon="hourglass-low",
    cases=_running_out,
    label=_running_label,
    link=_debts,
    settled_by_contact=False,
)
AWAITED = ReasonRule(
    code="outgoing",
    rank=25,
    name=gettext_lazy("Claim without an answer"),
    verb=gettext_lazy("Ask for the answer to the claim"),
    tone="danger",
    icon="gavel",
    cases=_awaited,
    label=_awaited_label,
    link=_claims,
)
UNSENT = ReasonRule(
    code="outgoing_draft",
    rank=31,
    name=gettext_lazy("Claim not handed on"),
    verb=gettext_lazy("Hand the claim to the lawyer"),
    tone="warning",
    icon="gavel",
    cases=_unsent,
    label=_unsent_label,
    link=_claims,
    settled_by_contact=False,
)
