"""The reasons of My day that follow from contracts: an end, a turn of ours, a promise overdue."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import DateTimeField, F, Max, Min
from django.db.models.functions import Cast
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clients.contacting.next_step import Cases, Reason, ReasonRule, asked, of_asked, register
from crm.shell.nav import address
from crm.work.registry import setting
from deals.models import Contract, ContractObligation
from deals.receivables.ageing import parse_steps


def _ending(today: date) -> Cases:
    """The last contract of a client ends within the second step of the alerts, and stays ended."""
    steps = parse_steps(setting("contract.end_alerts"))
    within = timedelta(days=steps[min(1, len(steps) - 1)])
    rows = Contract.objects.main().in_force().filter(of_asked(), auto_renew=False)
    by_client = rows.order_by().values("client").annotate(last=Max("ends_on"))
    ending = by_client.filter(last__gte=today, last__lte=today + within)
    begins = Cast(F("last") - within, DateTimeField())
    return Cases(ending, since=begins, on=F("last"))


def _ending_label(reason: Reason) -> str:
    return _("The contract ends on %(day)s") % {"day": f"{reason.case.on:%d.%m}"}


def _our_turn(today: date) -> Cases:
    """Returned for rework, or approved and not signed."""
    rows = Contract.objects.filter(state__in=["returned", "approved"], client__in=asked())
    by_client = (
        rows.order_by().values("client").annotate(first=Min("starts_on"), what=Min("number"))
    )
    return Cases(by_client, on=F("first"), text=F("what"))


def _turn_label(reason: Reason) -> str:
    return _("Contract %(number)s: your turn") % {"number": reason.case.text}


def _promised(today: date) -> Cases:
    """An obligation of ours is overdue."""
    rows = ContractObligation.objects.overdue(today).filter(contract__client__in=asked())
    by_client = (
        rows.order_by().values("contract__client").annotate(first=Min("due_on"), what=Min("text"))
    )
    return Cases(by_client, client="contract__client", on=F("first"), text=F("what"))


def _promise_label(reason: Reason) -> str:
    return _("Promised by contract: %(what)s") % {"what": reason.case.text}


def _contracts(reason: Reason) -> str:
    return f"{address('deals:contract_list')}?client={reason.client.pk}"


def register_contract_reasons() -> None:
    """Declare them."""
    register(PROMISED)
    register(TURN)
    register(ENDING)


PROMISED = ReasonRule(
    code="obligation",
    rank=47,
    name=gettext_lazy("Obligation overdue"),
    verb=gettext_lazy("Do what was promised by contract"),
    tone="danger",
    icon="checklist",
    cases=_promised,
    label=_promise_label,
    link=_contracts,
    settled_by_contact=False,
)
TURN = ReasonRule(
    code="contract_turn",
    rank=64,
    name=gettext_lazy("Contract waits for you"),
    verb=gettext_lazy("Go on with the contract"),
    tone="warning",
    icon="signature",
    cases=_our_turn,
    label=_turn_label,
    link=_contracts,
    settled_by_contact=False,
    by_category=False,
)
ENDING = ReasonRule(
    code="contract",
    rank=65,
    name=gettext_lazy("Contract ends"),
    verb=gettext_lazy("Extend the contract"),
    tone="warning",
    icon="file-certificate",
    cases=_ending,
    label=_ending_label,
    link=_contracts,
)
