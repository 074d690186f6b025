"""How the approval engine moves contracts (C.5 no. 10): three ways in, one way out."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy

from clients.request_rows import with_client
from crm.accounts.models import OrgUnitKind, Role
from crm.approvals import registry
from crm.approvals.models import StepKind
from crm.approvals.registry import Decision, Handler, RouteStep, Section
from crm.history import verb
from crm.states import move, moving
from deals import permissions
from deals.actions import contracts as actions
from deals.actions.contract_signatures import TERMINATION, keep_in_force
from deals.approval_handlers.guards import client_at_work
from deals.models import CONTRACT_MOVES, Contract, ContractState
from deals.pages.credit import CreditPage

DEPARTMENT_VISA = RouteStep(StepKind.VISA, unit_kind=OrgUnitKind.DEPARTMENT)
DEPARTMENT = RouteStep(StepKind.APPROVE, unit_kind=OrgUnitKind.DEPARTMENT)
LAWYER = RouteStep(StepKind.VISA, role=Role.LAWYER)
ACCOUNTANT = RouteStep(StepKind.VISA, role=Role.ACCOUNTANT)
MARKETER = RouteStep(StepKind.VISA, role=Role.MARKETER)
DIRECTOR = RouteStep(StepKind.APPROVE, role=Role.DIRECTOR)
WAYS: tuple[tuple[str, Any, tuple[RouteStep, ...]], ...] = (
    (actions.STANDARD, gettext_lazy("Contract, standard text"), (DEPARTMENT,)),
    (
        actions.INDIVIDUAL,
        gettext_lazy("Contract, own wording"),
        (LAWYER, ACCOUNTANT, DEPARTMENT_VISA, DIRECTOR),
    ),
    (
        actions.MARKETING,
        gettext_lazy("Marketing contract"),
        (LAWYER, MARKETER, ACCOUNTANT, DEPARTMENT),
    ),
)


def load(pk: int) -> Contract:
    """The contract with what its summary and evidence read."""
    contract: Contract = with_client(
        Contract,
        people=["negotiator"],
        columns=["counterparty__short_name", "counterparty__full_name", "parent__number"],
    ).get(pk=pk)
    return contract


def approved(contract: Contract, decision: Decision) -> None:
    """on_approval → approved, unless the client has been put into the archive."""
    client_at_work(contract.client_id)
    move(contract, CONTRACT_MOVES, ContractState.APPROVED)


def ended(contract: Contract, decision: Decision) -> None:
    """active → terminated on the day that was asked for; a day gone by becomes today."""
    day = max(contract.ended_on or decision.today, decision.today)
    with verb("contract.terminated", by=decision.by):
        move(contract, CONTRACT_MOVES, ContractState.TERMINATED, ended_on=day)


def _url(contract: Contract) -> str:
    return contract.get_absolute_url()


def _way_in(kind: str, label: Any, route: tuple[RouteStep, ...]) -> Handler:
    return Handler(
        kind=kind,
        label=label,
        icon="file-certificate",
        model=Contract,
        default_route=route,
        loader=load,
        summary_template="deals/_contract_summary.html",
        target_url=_url,
        may_refuse=False,
        on_submitted=moving(CONTRACT_MOVES, ContractState.ON_APPROVAL),
        on_approved=approved,
        on_returned=moving(CONTRACT_MOVES, ContractState.RETURNED),
        on_withdrawn=moving(CONTRACT_MOVES, ContractState.DRAFT),
        can_revoke=lambda contract: contract.state == ContractState.APPROVED,
        on_revoked=moving(CONTRACT_MOVES, ContractState.RETURNED),
    )


def _way_out() -> Handler:
    return Handler(
        kind=TERMINATION,
        label=gettext_lazy("End of a contract"),
        icon="file-x",
        model=Contract,
        default_route=(LAWYER, DIRECTOR),
        loader=load,
        summary_template="deals/_contract_summary.html",
        target_url=_url,
        on_approved=ended,
        on_returned=keep_in_force,
        on_rejected=keep_in_force,
        on_withdrawn=keep_in_force,
    )


def disagreements(contract: Contract, user: Any, today: Any) -> dict[str, Any] | None:
    """The protocol of disagreements; nothing to show where the sides agree."""
    rows = list(contract.disagreements.all())
    return {"rows": rows} if rows else None


def parts(contract: Contract, user: Any, today: Any) -> dict[str, Any] | None:
    """What we promise by departments."""
    rows = list(contract.obligations.open().select_related("org_unit"))
    return {"rows": rows, "today": timezone.localdate()} if rows else None


def debt(contract: Contract, user: Any, today: Any) -> dict[str, Any] | None:
    """Debt and limit now, for those who see money."""
    if not permissions.can_see_money(user):
        return None
    return {"page": CreditPage(contract.client, user, today)}


SECTIONS = (
    Section(
        key="disagreements",
        title=gettext_lazy("Protocol of disagreements"),
        template="deals/_evidence_disagreements.html",
        load=disagreements,
        order=10,
    ),
    Section(
        key="obligations",
        title=gettext_lazy("What we promise"),
        template="deals/_evidence_obligations.html",
        load=parts,
        order=20,
    ),
    Section(
        key="debt",
        title=gettext_lazy("Debt and credit limit"),
        template="deals/_evidence_contract_debt.html",
        load=debt,
        order=30,
    ),
)


def register_contracts() -> None:
    """Called once when the app is ready."""
    for handler in [*(_way_in(*way) for way in WAYS), _way_out()]:
        registry.register(handler, evidence=SECTIONS)
