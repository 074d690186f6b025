"""How the approval engine moves relationship schemes, and what a decision rests on (C.5 no. 7)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clients.actions.categories import KIND as CATEGORY
from clients.request_rows import with_client
from crm.accounts.models import User
from crm.approvals import registry
from crm.approvals.registry import Decision, Handler, Section
from crm.errors import RuleViolation
from crm.states import moving
from deals import permissions
from deals.actions import schemes as actions
from deals.actions.scheme_moves import approve_scheme
from deals.approval_handlers import terms_evidence
from deals.approval_handlers.guards import client_at_work, signer_is_enough
from deals.conditions.signature_limits import SCHEME
from deals.models import SCHEME_MOVES, RelationshipScheme, SchemeState

SHOWN = 5


def approved(scheme: RelationshipScheme, decision: Decision) -> None:
    """on_approval → approved, if the client still gets one and the signer may still decide."""
    client = client_at_work(scheme.client_id)
    if scheme.valid_to < decision.today:
        raise RuleViolation(_("The last day has passed: return the scheme."))
    actions.refuse_category(client)
    found = actions.scheme_route(scheme)
    if not signer_is_enough(decision, found):
        raise RuleViolation(_("This is above your limit now: return the scheme."))
    approve_scheme(scheme, by=decision.by, today=decision.today)


def load(pk: int) -> RelationshipScheme:
    """The scheme with the client and the author."""
    scheme: RelationshipScheme = with_client(RelationshipScheme).get(pk=pk)
    return scheme


def scheme_section(target: RelationshipScheme, user: User, today: date) -> Mapping[str, Any]:
    """What is agreed, whether it is beyond the policy, what the client bought and had before."""
    earlier = RelationshipScheme.objects.filter(client=target.client_id, approved_by__isnull=False)
    return {
        "scheme": target,
        "beyond": actions.is_beyond_policy(target),
        "turnover": terms_evidence.turnover_of_year(target.client, user, today),
        "others": list(earlier.exclude(pk=target.pk)[:SHOWN]),
    }


def schemes_of_client(target: Any, user: User, today: date) -> Mapping[str, Any] | None:
    """For a change of category: the schemes that stand; none hides the section.

    Whoever sees the evidence sees the client: whose it is need not be asked again.
    """
    if not permissions.can_see_schemes(user):
        return None
    rows = RelationshipScheme.objects.filter(client=target.client_id)
    standing = list(rows.standing().filter(valid_to__gte=today).order_by("valid_from"))
    return {"schemes": standing} if standing else None


SECTIONS = (
    Section(
        key="scheme",
        title=gettext_lazy("What is agreed"),
        template="deals/_evidence_scheme.html",
        load=scheme_section,
        order=10,
    ),
    Section(
        key="debt",
        title=gettext_lazy("Debt and payment"),
        template="deals/_evidence_debt.html",
        load=terms_evidence.debt_section,
        order=20,
    ),
)


def register_schemes() -> None:
    """Called once when the app is ready."""
    handler = Handler(
        kind=actions.KIND,
        label=gettext_lazy("Relationship scheme"),
        icon="heart-handshake",
        model=RelationshipScheme,
        limits=(SCHEME,),
        loader=load,
        summary_template="deals/_scheme_summary.html",
        target_url=RelationshipScheme.get_absolute_url,
        list_label=gettext_lazy("Relationship schemes"),
        list_url=lambda: reverse("deals:scheme_list"),
        on_submitted=moving(SCHEME_MOVES, SchemeState.ON_APPROVAL),
        on_approved=approved,
        on_returned=moving(SCHEME_MOVES, SchemeState.DRAFT),
        on_rejected=moving(SCHEME_MOVES, SchemeState.REJECTED),
        on_withdrawn=moving(SCHEME_MOVES, SchemeState.DRAFT),
    )
    registry.register(handler, evidence=SECTIONS)
    registry.register_evidence(
        CATEGORY,
        Section(
            key="schemes",
            title=gettext_lazy("Relationship schemes"),
            template="deals/_evidence_schemes.html",
            load=schemes_of_client,
            order=45,
        ),
    )
