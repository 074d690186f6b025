"""How the approval engine moves categories: the first two kinds of requests (C.5 nos. 1 and 2)."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clients.actions import categories, category_proposals, halls, lead_conversion
from clients.forms.categories import AssignCategoryForm
from clients.models import (
    CATEGORY_CHANGE_MOVES,
    HALL_MOVES,
    CategoryChangeRequest,
    CategoryChangeState,
    CategoryProposal,
    CategoryProposalState,
    Client,
    HallMove,
    HallState,
    Lead,
)
from clients.pages import category_evidence as evidence
from clients.pages.halls import criteria_section
from clients.pages.leads import lead_section
from clients.request_rows import with_client
from crm.accounts.actions import is_system
from crm.accounts.models import OrgUnitKind, Role
from crm.approvals import registry
from crm.approvals.models import StepKind
from crm.approvals.registry import Decision, Handler, RouteStep, Section
from crm.errors import RuleViolation
from crm.history import name_verbs
from crm.notices import kinds
from crm.states import may_move, moving


def change_approved(request: CategoryChangeRequest, decision: Decision) -> None:
    """endorsed → approved; a day that has begun meanwhile becomes the next one."""
    client = Client.objects.get(pk=request.client_id)
    if client.category != request.from_category:
        raise RuleViolation(_("The category has changed meanwhile. Return the request."))
    day = categories.effective_day(request, decision.today)
    categories.move_request(request, CategoryChangeState.APPROVED, effective_from=day)


def change_returned(request: CategoryChangeRequest, decision: Decision) -> None:
    """submitted | endorsed | approved → returned.

    Nobody corrects what the system asked, so it ends there.
    """
    categories.move_request(request, CategoryChangeState.RETURNED)
    if is_system(request.author):
        categories.move_request(request, CategoryChangeState.WITHDRAWN)


def proposal_approved(proposal: CategoryProposal, decision: Decision) -> None:
    """proposed → assigned: the head's category, which may differ from the proposed one."""
    client = Client.objects.select_for_update(of=("self",)).get(pk=proposal.client_id)
    category = decision.extra.get("category") or proposal.category or ""
    head = decision.by
    category_proposals.assign_initial(client, category, decided_by=head, today=decision.today)
    category_proposals.move_proposal(proposal, CategoryProposalState.ASSIGNED)


def proposal_returned(proposal: CategoryProposal, decision: Decision) -> None:
    """proposed → returned."""
    category_proposals.move_proposal(proposal, CategoryProposalState.RETURNED)


def hall_decided(state: str) -> Any:
    """proposed → moved | rejected, by the head of the department or who stands in."""

    def on_decision(proposal: HallMove, decision: Decision) -> None:
        client = Client.objects.select_for_update(of=("self",)).get(pk=proposal.client_id)
        by = decision.on_behalf_of or decision.by
        halls.settle(proposal, client, state, by=by, today=decision.today)

    return on_decision


def client_url(target: Any) -> str:
    """The card of the client in question."""
    return str(target.client.get_absolute_url())


def load_with_client(model: Any) -> Any:
    """The record with the client, its people and the checks of its card in one query."""

    def load(pk: int) -> Any:
        rows = evidence.with_contacts(with_client(model), timezone.localdate())
        target = evidence.with_card_checks(rows).get(pk=pk)
        for name in ("_has_requisites", "_has_decider", "_has_contact", "_contacts_by_month"):
            setattr(target.client, name, getattr(target, name))
        return target

    return load


CHANGE = Handler(
    kind=categories.KIND,
    label=gettext_lazy("Change of category"),
    icon="arrows-exchange",
    model=CategoryChangeRequest,
    default_route=(
        RouteStep(StepKind.VISA, unit_kind=OrgUnitKind.DEPARTMENT),
        RouteStep(StepKind.APPROVE, role=Role.DIRECTOR),
    ),
    loader=load_with_client(CategoryChangeRequest),
    summary_template="clients/_category_change_summary.html",
    target_url=client_url,
    can_withdraw=may_move(CATEGORY_CHANGE_MOVES, CategoryChangeState.WITHDRAWN),
    on_submitted=moving(CATEGORY_CHANGE_MOVES, CategoryChangeState.SUBMITTED),
    on_endorsed=moving(CATEGORY_CHANGE_MOVES, CategoryChangeState.ENDORSED),
    on_approved=change_approved,
    on_returned=change_returned,
    on_rejected=moving(CATEGORY_CHANGE_MOVES, CategoryChangeState.REJECTED),
    on_withdrawn=moving(CATEGORY_CHANGE_MOVES, CategoryChangeState.WITHDRAWN),
    can_revoke=lambda request: request.state == CategoryChangeState.APPROVED,
    on_revoked=change_returned,
)
INITIAL = Handler(
    kind=category_proposals.KIND,
    label=gettext_lazy("Category of a new client"),
    icon="building-plus",
    model=CategoryProposal,
    default_route=(RouteStep(StepKind.APPROVE, unit_kind=OrgUnitKind.DEPARTMENT),),
    loader=load_with_client(CategoryProposal),
    summary_template="clients/_category_proposal_summary.html",
    target_url=client_url,
    approve_labels={StepKind.APPROVE: gettext_lazy("Assign")},
    list_label=gettext_lazy("Clients without a category"),
    list_url=category_proposals.without_category_url,
    may_refuse=False,
    can_withdraw=lambda proposal: False,
    decision_form=AssignCategoryForm,
    on_approved=proposal_approved,
    on_returned=proposal_returned,
)
HALL = Handler(
    kind=halls.KIND,
    label=gettext_lazy("To the trading hall"),
    icon="building-store",
    model=HallMove,
    default_route=(RouteStep(StepKind.APPROVE, unit_kind=OrgUnitKind.DEPARTMENT),),
    loader=load_with_client(HallMove),
    summary_template="clients/_hall_summary.html",
    target_url=client_url,
    approve_labels={StepKind.APPROVE: gettext_lazy("Move to the hall")},
    can_withdraw=lambda proposal: False,
    on_approved=hall_decided(HallState.MOVED),
    on_returned=moving(HALL_MOVES, HallState.RETURNED),
    on_rejected=hall_decided(HallState.REJECTED),
)


def lead_converted(lead: Lead, decision: Decision) -> None:
    """offer_accepted → converted: the client is made in the head's name."""
    lead_conversion.convert(
        lead, by=decision.on_behalf_of or decision.by, today=decision.today, doer=decision.by
    )


def load_lead(pk: int) -> Lead:
    """The lead with the names that the decision shows."""
    links = ("manager", "org_unit", "channel", "campaign")
    lead: Lead = Lead.objects.select_related(*links).get(pk=pk)
    return lead


LEAD = Handler(
    kind=lead_conversion.KIND,
    label=gettext_lazy("Lead becomes a client"),
    icon="user-search",
    model=Lead,
    default_route=(RouteStep(StepKind.APPROVE, unit_kind=OrgUnitKind.DEPARTMENT),),
    loader=load_lead,
    summary_template="clients/_lead_summary.html",
    target_url=lambda lead: str(lead.get_absolute_url()),
    approve_labels={StepKind.APPROVE: gettext_lazy("Make a client")},
    may_refuse=False,
    on_approved=lead_converted,
)
SECTIONS = (
    Section(
        key="potential",
        title=gettext_lazy("Potential and turnover"),
        template="clients/_evidence_potential.html",
        load=evidence.potential_section,
        order=10,
    ),
    Section(
        key="terms",
        title=gettext_lazy("What changes"),
        template="clients/_evidence_terms.html",
        load=evidence.terms_section,
        order=20,
    ),
    Section(
        key="contacts",
        title=gettext_lazy("Contacts and norm"),
        template="clients/_evidence_contacts.html",
        load=evidence.contacts_section,
        order=30,
    ),
    Section(
        key="card",
        title=gettext_lazy("The client"),
        template="clients/_evidence_card.html",
        load=evidence.card_section,
        order=40,
    ),
    Section(
        key="history",
        title=gettext_lazy("Earlier categories"),
        template="clients/_evidence_history.html",
        load=evidence.history_section,
        order=60,
    ),
)
LEAD_SECTIONS = (
    Section(
        key="reliability",
        title=gettext_lazy("Reliability"),
        template="clients/_evidence_lead.html",
        load=lead_section,
        order=10,
    ),
    Section(
        key="notes",
        title=gettext_lazy("What was done"),
        template="clients/_evidence_lead_notes.html",
        load=lead_section,
        order=20,
        wide=True,
    ),
)


def register() -> None:
    """Called once when the app is ready."""
    for handler in (CHANGE, INITIAL):
        registry.register(handler, evidence=SECTIONS)
    shared = [one for one in SECTIONS if one.key in {"contacts", "card"}]
    criteria = Section(
        key="hall",
        title=gettext_lazy("Is the client unpromising?"),
        template="clients/_evidence_hall.html",
        load=criteria_section,
        order=10,
        wide=True,
    )
    registry.register(HALL, evidence=[criteria, *shared])
    registry.register(LEAD, evidence=LEAD_SECTIONS)
    name_verbs(
        {
            "category.change.drafted": gettext_lazy("Change of category: draft written"),
            "category.change.corrected": gettext_lazy("Change of category: corrected"),
            "category.change.effective": gettext_lazy("Change of category: took effect"),
            "category.initial.proposed": gettext_lazy("Category of a new client: proposed"),
            "client.hall.proposed": gettext_lazy("Trading hall: proposed"),
            "client.hall.moved": gettext_lazy("Trading hall: moved by the head"),
            "client.hall.back": gettext_lazy("Trading hall: taken back"),
            "category.initial.assigned": gettext_lazy("Category of a new client: assigned"),
        }
    )
    kinds.register(
        "category.effective", title=gettext_lazy("%(client)s has category %(to)s from %(day)s")
    )
    kinds.register(
        "category.missing",
        title=gettext_lazy("New clients without a category for over %(days)s days: %(count)s"),
    )
