"""What happens to a proposal outside: sent, accepted, declined, expired, ordered (C.5 no. 9)."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID, uuid5

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from crm.accounts.models import User
from crm.errors import RuleViolation
from crm.files.actions import add_file
from crm.history import verb
from crm.notices.actions import notify
from crm.states import move
from deals import permissions
from deals.actions import proposals
from deals.actions.contracts import absent, said
from deals.actions.orders import OrderHead, create_order
from deals.actions.proposals import WRONG_STATE, locked_proposal
from deals.models import PROPOSAL_MOVES, Order, Proposal, ProposalState
from deals.papers.proposal import file_name, pdf_of

_ORDERS = UUID("0f7d9a52-6f0b-4b59-8d0e-3f1a4c6e9d21")  # one key per order of a proposal


@transaction.atomic
def send_proposal(
    proposal_id: int, *, by: User, version: int, channel: str, on: date, today: date
) -> Proposal:
    """It went to the client on the day; its PDF is kept and the version before is superseded.

    RuleViolation where somebody has to approve its prices first, also when the list has changed
    since the approval.
    """
    proposal = locked_proposal(proposal_id, by, version)
    if not permissions.can_send_proposal(by, proposal):
        raise PermissionDenied
    if not proposal.dated_on <= on <= today:
        raise RuleViolation(_("Not before it was written and not later than today."), field="on")
    proposals.still_holds(proposal, today)
    _check_prices(proposal, by, today)
    with verb("proposal.sent", by=by, on_behalf_of=absent(by, proposal.client)):
        _supersede(proposal)
        values: dict[str, Any] = {"sent_on": on, "sent_by_channel": channel}
        move(proposal, PROPOSAL_MOVES, ProposalState.SENT, WRONG_STATE, **values)
    name, content = file_name(proposal), pdf_of(proposal)
    add_file("proposal", proposal.pk, by=by, name=name, content=content, is_typeset=True)
    return proposal


def _check_prices(proposal: Proposal, by: User, today: date) -> None:
    deviation = proposals.checked_prices(proposal, today).deviation
    approved = proposal.state == ProposalState.APPROVED
    if approved and deviation > proposal.deviation:
        raise RuleViolation(_("Lowest prices have changed since the approval: ask again."))
    if not approved and proposals.needs_approval(by, deviation):
        raise RuleViolation(_("Prices below the lowest ones are to be approved first."))


def _supersede(proposal: Proposal) -> None:
    """Whatever the client has of it is replaced; RuleViolation where that was accepted."""
    family = Proposal.objects.of_family(proposal.first_id).select_for_update(of=("self",))
    others = list(family.order_by("pk"))  # itself is with us still
    if any(other.state == ProposalState.ACCEPTED for other in others):
        raise RuleViolation(_("The client has accepted another version of it."))
    for other in others:
        if other.state == ProposalState.SENT:
            move(other, PROPOSAL_MOVES, ProposalState.SUPERSEDED)


@transaction.atomic
def accept_proposal(
    proposal_id: int, *, by: User, version: int, on: date, order: bool, today: date
) -> Order | None:
    """The client agrees, on a day on which it holds; with `order`, a draft of its order."""
    proposal = _answered(proposal_id, by, version, on, today)
    if proposal.valid_to is not None and on > proposal.valid_to:
        text = _("It was valid only until %(day)s.") % {"day": f"{proposal.valid_to:%d.%m.%Y}"}
        raise RuleViolation(text, field="on")
    with verb("proposal.accepted", by=by, on_behalf_of=absent(by, proposal.client)):
        move(proposal, PROPOSAL_MOVES, ProposalState.ACCEPTED, WRONG_STATE, answered_on=on)
    return _ordered(proposal, by, today) if order else None


@transaction.atomic
def decline_proposal(
    proposal_id: int, *, by: User, version: int, on: date, reason: str, today: date
) -> Proposal:
    """The client does not want it, with the reason."""
    proposal = _answered(proposal_id, by, version, on, today)
    why = {"answered_on": on, "decline_reason": said(reason)}
    with verb("proposal.declined", by=by, on_behalf_of=absent(by, proposal.client)):
        move(proposal, PROPOSAL_MOVES, ProposalState.DECLINED, WRONG_STATE, **why)
    return proposal


@transaction.atomic
def order_proposal(proposal_id: int, *, by: User, version: int, today: date) -> Order:
    """A draft of an order of what was accepted; the one that is there, where there is one."""
    proposal = locked_proposal(proposal_id, by, version)
    if not permissions.can_order_proposal(by, proposal):
        raise PermissionDenied
    return _ordered(proposal, by, today)


def _ordered(proposal: Proposal, by: User, today: date) -> Order:
    made: Order | None = proposal.orders.exclude(state="cancelled").first()
    if made is not None:
        return made
    head = OrderHead(proposal.client, price_kind=proposal.price_kind)
    goods = proposals.goods_of(proposal)
    key = uuid5(_ORDERS, f"{proposal.pk}:{proposal.orders.count()}")
    return create_order(by=by, head=head, goods=goods, key=key, today=today, proposal=proposal)


def _answered(proposal_id: int, by: User, version: int, on: date, today: date) -> Proposal:
    proposal = locked_proposal(proposal_id, by, version)
    if not permissions.can_answer_proposal(by, proposal):
        raise PermissionDenied
    if proposal.sent_on is None or not proposal.sent_on <= on <= today:
        raise RuleViolation(_("Not before it was sent and not later than today."), field="on")
    return proposal


def expire_proposals(*, today: date) -> int:
    """Daily: what is over its last day expires; its author learns of it. How many there were."""
    ids = Proposal.objects.overdue(today).order_by("pk").values_list("pk", flat=True)
    return sum(_expire(pk, today) for pk in list(ids))


@transaction.atomic
def _expire(proposal_id: int, today: date) -> int:
    rows = Proposal.objects.overdue(today).select_for_update(of=("self",))
    proposal = rows.select_related("client").filter(pk=proposal_id).first()
    if proposal is None:
        return 0  # answered meanwhile
    with verb("proposal.expired", by=None):
        move(proposal, PROPOSAL_MOVES, ProposalState.EXPIRED)
    if proposal.client.manager_id is not None:
        notify(
            proposal.client.manager_id,
            kind="proposal.expired",
            params={"number": proposal.number, "client": proposal.client.name},
            url=proposal.get_absolute_url(),
            dedupe_key=f"proposal.expired:{proposal.pk}",
            email=False,
        )
    return 1
