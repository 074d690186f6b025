"""How the approval engine moves requests for a discount or a deferral (C.5 no. 11)."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clients.categorising.discount_limits import DISCOUNT
from clients.request_rows import with_client
from crm.approvals import registry
from crm.approvals.registry import Decision, Handler, Section
from crm.errors import RuleViolation
from crm.states import may_move, moving
from deals.actions import terms_requests as actions
from deals.approval_handlers import terms_evidence as evidence
from deals.approval_handlers.guards import client_at_work, signer_is_enough
from deals.conditions.signature_limits import DEFERRAL
from deals.models import TERMS_MOVES, TermsKind, TermsRequest, TermsState


def approved(request: TermsRequest, decision: Decision) -> None:
    """submitted → approved: the terms hold for their days, if the signer may still decide."""
    client = client_at_work(request.client_id)
    if request.valid_to < decision.today:
        raise RuleViolation(_("The last day has passed: return the request."))
    found = actions.terms_route(client, request.kind, request.value)
    if not signer_is_enough(decision, found):
        raise RuleViolation(_("This is above your limit now: return the request."))
    actions.approve_terms(request, by=decision.by)


def waits(request: TermsRequest) -> bool:
    """Approved for a period that has not begun."""
    return request.valid_from > timezone.localdate()


def taken_back(request: TermsRequest, decision: Decision) -> None:
    """approved → returned, before the first day."""
    actions.take_terms_back(request, today=decision.today)


def load(pk: int) -> TermsRequest:
    """The request with the client and the author."""
    request: TermsRequest = with_client(TermsRequest, columns=["order__number"]).get(pk=pk)
    return request


def terms_url(request: TermsRequest) -> str:
    """The client's rows of the register."""
    return f"{reverse('deals:terms_list')}?client={request.client_id}"


def _handler(kind: str, label: Any, icon: str, matrix: str) -> Handler:
    return Handler(
        kind=actions.APPROVAL_KINDS[TermsKind(kind)],
        label=label,
        icon=icon,
        model=TermsRequest,
        limits=(matrix,),
        loader=load,
        summary_template="deals/_terms_summary.html",
        target_url=terms_url,
        list_label=gettext_lazy("Discounts and deferrals"),
        list_url=lambda: reverse("deals:terms_list"),
        can_withdraw=may_move(TERMS_MOVES, TermsState.WITHDRAWN),
        on_submitted=moving(TERMS_MOVES, TermsState.SUBMITTED),
        on_approved=approved,
        on_returned=moving(TERMS_MOVES, TermsState.RETURNED),
        on_rejected=moving(TERMS_MOVES, TermsState.REJECTED),
        on_withdrawn=moving(TERMS_MOVES, TermsState.WITHDRAWN),
        can_revoke=waits,
        on_revoked=taken_back,
    )


HANDLERS = (
    _handler(TermsKind.DISCOUNT, gettext_lazy("Discount"), "discount", DISCOUNT),
    _handler(TermsKind.DEFERRAL, gettext_lazy("Deferral of payment"), "calendar-due", DEFERRAL),
)
SECTIONS = (
    Section(
        key="terms",
        title=gettext_lazy("Turnover and terms"),
        template="deals/_evidence_terms.html",
        load=evidence.terms_section,
        order=10,
    ),
    Section(
        key="debt",
        title=gettext_lazy("Debt and payment"),
        template="deals/_evidence_debt.html",
        load=evidence.debt_section,
        order=20,
    ),
)


def register_terms() -> None:
    """Called once when the app is ready."""
    for handler in HANDLERS:
        registry.register(handler, evidence=SECTIONS)
