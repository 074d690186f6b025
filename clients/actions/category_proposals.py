"""The category of a new client: proposed by the manager, decided by the head (C.5 no. 1, L228)."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clients import permissions
from clients.actions.categories import begin_category, refusal_of, visible_client
from clients.actions.locks import absent_owner
from clients.hooks import first_sales
from clients.models import (
    CATEGORY_PROPOSAL_MOVES,
    CategoryAssignment,
    CategoryAssignmentKind,
    CategoryProposal,
    CategoryProposalState,
    Client,
    ClientCategory,
)
from crm.accounts.models import OrgUnit, OrgUnitKind, User
from crm.approvals import actions as approvals
from crm.approvals.models import Approval
from crm.calendar import add_working_days
from crm.errors import RuleViolation
from crm.history import verb
from crm.notices.actions import notify
from crm.states import check_move, move
from crm.work.registry import setting

KIND = "category.initial"
ALREADY = gettext_lazy("The proposal is already in the state “%(state)s”.")


@transaction.atomic
def propose_category(
    client_id: int, *, by: User, category: str | None = None, reason: str = "", today: date
) -> CategoryProposal:
    """Ask the head of the department for the category of a new client; a wish may be named.

    After a return the same proposal is sent again.
    """
    # The proposal is locked before the client: decisions take them in this order too.
    visible = CategoryProposal.objects.visible_to(by).select_for_update(of=("self",))
    found = visible.filter(client=client_id).first()
    client = visible_client(client_id, by)
    if not permissions.can_propose_category(by, client):
        raise PermissionDenied(_already_decided(client))
    if category and category not in ClientCategory.values:
        raise RuleViolation(_("There is no such category."), field="category")
    absent = absent_owner(client, by)
    with verb(f"{KIND}.proposed", by=by, on_behalf_of=absent):
        proposal = _proposal(found, client, by, category or None, reason.strip())
    approvals.submit(
        proposal,
        kind=KIND,
        by=by,
        title=client.name,
        org_unit=client.org_unit,
        today=today,
        on_behalf_of=absent,
    )
    return proposal


def _proposal(
    found: CategoryProposal | None, client: Client, by: User, category: str | None, reason: str
) -> CategoryProposal:
    """A new proposal, or the returned one corrected; one per client."""
    if found is None:
        return CategoryProposal.objects.create(
            client=client, category=category, reason=reason, author=by
        )
    check_move(found, CATEGORY_PROPOSAL_MOVES, CategoryProposalState.PROPOSED, ALREADY)
    found.category, found.reason, found.author = category, reason, by
    found.state = CategoryProposalState.PROPOSED
    found.version += 1
    found.save(update_fields=["category", "reason", "author", "state", "version"])
    return found


def move_proposal(proposal: CategoryProposal, state: str) -> None:
    """Bring a locked proposal into the state if the map allows it."""
    move(proposal, CATEGORY_PROPOSAL_MOVES, state, ALREADY)


@transaction.atomic
def assign_category(client_id: int, *, by: User, category: str, today: date) -> CategoryAssignment:
    """The head of the department decides at once about a client that nobody has proposed."""
    client = visible_client(client_id, by)
    head = permissions.assigning_head(by, client, today=today)
    if head is None:
        raise PermissionDenied(_("The head of the client's department decides."))
    if client.category is not None or client.archived_at is not None:
        raise RuleViolation(_already_decided(client) or refusal_of(client))
    proposal = CategoryProposal.objects.filter(client=client).first()
    if proposal is not None and Approval.objects.of(proposal).running().exists():
        raise RuleViolation(_("The category is proposed already: decide in the inbox."))
    with verb(f"{KIND}.assigned", by=by, on_behalf_of=None if head == by else head):
        return assign_initial(client, category, decided_by=by, today=today)


def assign_initial(
    client: Client, category: str, *, decided_by: User, today: date
) -> CategoryAssignment:
    """Give a locked client its first category from today on; only once."""
    if client.category is not None:
        raise RuleViolation(_already_decided(client))
    if category not in ClientCategory.values:
        raise RuleViolation(_("Choose the category."), field="category")
    return begin_category(
        client,
        category,
        kind=CategoryAssignmentKind.INITIAL,
        day=today,
        decided_by=decided_by,
    )


def start_category(
    client_id: int, *, by: User, category: str | None = None, reason: str = "", today: date
) -> None:
    """What the creation of a client does about its category, whoever creates it.

    A head who names one decides; a manager or sector head proposes; where the route is not
    possible yet, the client waits in the list of clients without a category.
    """
    client = visible_client(client_id, by)
    try:
        with transaction.atomic():
            if permissions.can_propose_category(by, client):
                propose_category(client_id, by=by, category=category, reason=reason, today=today)
            elif category and permissions.can_assign_category(by, client, today=today):
                assign_category(client_id, by=by, category=category, today=today)
    except RuleViolation:
        return


def _already_decided(client: Client) -> str:
    if client.category is None:
        return ""
    return _("The client has the category %(category)s already; ask for a change.") % {
        "category": client.category
    }


@transaction.atomic
def remind_of_new_clients(*, today: date) -> int:
    """Tell department heads which clients have no category after five working days (setting).

    The days are counted from the first sale (C.5, 1). One notice per head for each day on which a
    further client became late, with the whole count; returns the notices written.
    """
    last_day = add_working_days(today, -setting("category.new_client_days"))
    waiting = Client.objects.open().without_category().filter(org_unit__isnull=False)
    begun = {pk: day for pk, day in first_sales(waiting).items() if day < last_day}
    by_unit: dict[int, tuple[int, date]] = defaultdict(lambda: (0, date.min))
    for pk, unit_id in waiting.filter(pk__in=begun).values_list("pk", "org_unit"):
        assert unit_id is not None
        count, newest = by_unit[unit_id]
        by_unit[unit_id] = (count + 1, max(newest, begun[pk]))
    return sum(
        _remind(department, count, newest)
        for department, (count, newest) in _by_department(by_unit).items()
    )


def _by_department(
    by_unit: dict[int, tuple[int, date]],
) -> dict[OrgUnit, tuple[int, date]]:
    """Sum up units by the nearest department that has a head."""
    departments = OrgUnit.objects.open().filter(kind=OrgUnitKind.DEPARTMENT, head__is_active=True)
    known = {unit.pk: unit for unit in departments.select_related("head")}
    paths = OrgUnit.objects.filter(pk__in=by_unit)
    found: dict[OrgUnit, tuple[int, date]] = {}
    for unit in paths:
        above = [known[pk] for pk in unit.path_ids if pk in known]
        if above:
            count, newest = found.get(above[-1], (0, date.min))
            more, day = by_unit[unit.pk]
            found[above[-1]] = (count + more, max(newest, day))
    return found


def _remind(department: OrgUnit, count: int, newest: date) -> int:
    assert department.head is not None
    return notify(
        department.head,
        kind="category.missing",
        params={"count": count, "days": setting("category.new_client_days")},
        url=without_category_url(),
        dedupe_key=f"category.missing:{department.pk}:{newest.isoformat()}",
    )


def without_category_url() -> str:
    """The list of clients that have no category yet."""
    try:
        return f"{reverse('clients:list')}?category=none"
    except NoReverseMatch:
        return reverse("approvals:inbox")
