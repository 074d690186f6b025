"""How the approval engine moves requests for a credit limit (C.5 no. 16)."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clients.request_rows import with_client
from crm.approvals import registry
from crm.approvals.registry import Decision, Handler, Section
from crm.errors import RuleViolation
from crm.money import format_money
from crm.states import may_move, moving
from deals.actions import limit_requests as actions
from deals.actions.limits import begin_limit, drop_limit, not_begun
from deals.approval_handlers import limit_evidence as evidence
from deals.approval_handlers.guards import client_at_work, signer_is_enough
from deals.conditions.signature_limits import CREDIT_LIMIT
from deals.models import LIMIT_REQUEST_MOVES, LimitRequest, LimitRequestState
from deals.receivables.norms import limit_norm


def approved(request: LimitRequest, decision: Decision) -> None:
    """endorsed → approved: the limit holds from its day and supersedes the former one."""
    client = client_at_work(request.client_id)
    found = actions.limit_route(client, request.amount, decision.today)
    if not signer_is_enough(decision, found):
        norm = limit_norm(client, decision.today).amount
        text = _("The norm is %(norm)s now: return the request, the director will decide.")
        raise RuleViolation(text % {"norm": format_money(norm)})
    actions.move_request(request, LimitRequestState.APPROVED)
    begin_limit(request, by=decision.by, today=decision.today, now=timezone.now())


def waits(request: LimitRequest) -> bool:
    """Approved, and the limit has not begun."""
    return not_begun(request, timezone.localdate()) is not None


def taken_back(request: LimitRequest, decision: Decision) -> None:
    """approved → returned: the limit goes, the former one holds."""
    if LimitRequest.objects.open().filter(client=request.client_id).exists():
        raise RuleViolation(_("A request for this client is already on its way."))
    drop_limit(request, today=decision.today)
    actions.move_request(request, LimitRequestState.RETURNED)


def load(pk: int) -> LimitRequest:
    """The request with the client and the author."""
    request: LimitRequest = with_client(LimitRequest).get(pk=pk)
    return request


def credit_url(request: LimitRequest) -> str:
    """The page of the client's debt and limit."""
    return reverse("deals:credit", args=[request.client_id])


def _handler(kind: str, label: Any) -> Handler:
    return Handler(
        kind=kind,
        label=label,
        icon="credit-card",
        model=LimitRequest,
        limits=(CREDIT_LIMIT,),
        loader=load,
        summary_template="deals/_limit_request_summary.html",
        target_url=credit_url,
        can_withdraw=may_move(LIMIT_REQUEST_MOVES, LimitRequestState.WITHDRAWN),
        on_submitted=moving(LIMIT_REQUEST_MOVES, LimitRequestState.SUBMITTED),
        on_endorsed=moving(LIMIT_REQUEST_MOVES, LimitRequestState.ENDORSED),
        on_approved=approved,
        on_returned=moving(LIMIT_REQUEST_MOVES, LimitRequestState.RETURNED),
        on_rejected=moving(LIMIT_REQUEST_MOVES, LimitRequestState.REJECTED),
        on_withdrawn=moving(LIMIT_REQUEST_MOVES, LimitRequestState.WITHDRAWN),
        can_revoke=waits,
        on_revoked=taken_back,
    )


HANDLERS = (
    _handler(actions.WITHIN_NORM, gettext_lazy("Credit limit within the norm")),
    _handler(actions.ABOVE_NORM, gettext_lazy("Credit limit above the norm")),
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
        registry.register(handler, evidence=SECTIONS)
