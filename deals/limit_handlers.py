"""How the approval engine moves requests for a credit limit (C.5 no. 16)."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clients.models import Client
from crm.accounts.models import OrgUnitKind, Role
from crm.accounts.querysets import names_of, own_columns
from crm.approvals import registry
from crm.approvals.models import StepKind
from crm.approvals.registry import Decision, Handler, RouteStep, Section
from crm.errors import RuleViolation
from crm.money import format_money
from deals import limit_evidence as evidence
from deals.actions import limit_requests as actions
from deals.actions.limits import begin_limit
from deals.models import LIMIT_REQUEST_MOVES, LimitRequest, LimitRequestState
from deals.norms import limit_norm


def submitted(request: LimitRequest, decision: Decision) -> None:
    """draft | returned → submitted."""
    actions.move_request(request, LimitRequestState.SUBMITTED)


def endorsed(request: LimitRequest, decision: Decision) -> None:
    """submitted → endorsed: the accountant has given the visa."""
    actions.move_request(request, LimitRequestState.ENDORSED)


def approved(request: LimitRequest, decision: Decision) -> None:
    """endorsed → approved: the limit holds from its day and supersedes the former one."""
    client = Client.objects.get(pk=request.client_id)
    if client.archived_at is not None:
        raise RuleViolation(_("The client is in the archive."))
    norm = limit_norm(client, decision.today).amount
    if decision.approval.kind == actions.WITHIN_NORM and request.amount > norm:
        text = _("The norm is %(norm)s now: return the request, the director will decide.")
        raise RuleViolation(text % {"norm": format_money(norm)})
    actions.move_request(request, LimitRequestState.APPROVED)
    begin_limit(request, by=decision.by, today=decision.today, now=timezone.now())


def returned(request: LimitRequest, decision: Decision) -> None:
    """submitted | endorsed → returned."""
    actions.move_request(request, LimitRequestState.RETURNED)


def rejected(request: LimitRequest, decision: Decision) -> None:
    """endorsed → rejected."""
    actions.move_request(request, LimitRequestState.REJECTED)


def withdrawn(request: LimitRequest, decision: Decision) -> None:
    """submitted → withdrawn."""
    actions.move_request(request, LimitRequestState.WITHDRAWN)


def load(pk: int) -> LimitRequest:
    """The request with the client and the author."""
    rows = LimitRequest.objects.select_related("author", "client__manager", "client__org_unit")
    request: LimitRequest = rows.only(
        *own_columns(LimitRequest),
        *(f"client__{name}" for name in own_columns(Client)),
        *names_of("author", "client__manager"),
        "client__org_unit__name",
    ).get(pk=pk)
    return request


def credit_url(request: LimitRequest) -> str:
    """The page of the client's debt and limit."""
    return reverse("deals:credit", args=[request.client_id])


def may_be_withdrawn(request: LimitRequest) -> bool:
    """Only where the map of states allows it."""
    return LimitRequestState.WITHDRAWN in LIMIT_REQUEST_MOVES[request.state]


def _handler(kind: str, label: Any, decides: RouteStep) -> Handler:
    return Handler(
        kind=kind,
        label=label,
        icon="credit-card",
        model=LimitRequest,
        default_route=(RouteStep(StepKind.VISA, role=Role.ACCOUNTANT), decides),
        loader=load,
        summary_template="deals/_limit_request_summary.html",
        target_url=credit_url,
        can_withdraw=may_be_withdrawn,
        on_submitted=submitted,
        on_endorsed=endorsed,
        on_approved=approved,
        on_returned=returned,
        on_rejected=rejected,
        on_withdrawn=withdrawn,
    )


HANDLERS = (
    _handler(
        actions.WITHIN_NORM,
        gettext_lazy("Credit limit within the norm"),
        RouteStep(StepKind.APPROVE, unit_kind=OrgUnitKind.DEPARTMENT),
    ),
    _handler(
        actions.ABOVE_NORM,
        gettext_lazy("Credit limit above the norm"),
        RouteStep(StepKind.APPROVE, role=Role.DIRECTOR),
    ),
)
SECTIONS = (
    Section(
        key="debt",
        title=gettext_lazy("Debt and payment"),
        template="deals/_evidence_debt.html",
        load=evidence.debt_section,
        order=10,
    ),
    Section(
        key="norm",
        title=gettext_lazy("Norm of the category"),
        template="deals/_evidence_norm.html",
        load=evidence.norm_section,
        order=20,
    ),
    Section(
        key="limits",
        title=gettext_lazy("Earlier limits"),
        template="deals/_evidence_limits.html",
        load=evidence.history_section,
        order=30,
    ),
)


def register_limit_requests() -> None:
    """Called once when the app is ready."""
    for handler in HANDLERS:
        registry.register(handler)
        for section in SECTIONS:
            registry.register_evidence(handler.kind, section)
