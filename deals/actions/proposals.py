"""Proposals written, corrected, sent for approval and taken back (C.5 no. 9)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from operator import attrgetter
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clients.models import Client
from crm.accounts.models import User
from crm.approvals import actions as approvals
from crm.approvals.limits import LimitRoute, route_for
from crm.approvals.models import Approval
from crm.errors import RuleViolation, StaleVersion
from crm.history import verb
from crm.lines import write_lines
from crm.numbering import format_number, one_at_a_time, take_numbers
from crm.states import check_move, move
from deals import permissions
from deals.actions.contracts import absent
from deals.actions.documents import MOST_LINES, PROPOSAL_PREFIX
from deals.actions.orders import refuse_prices
from deals.conditions.signature_limits import PRICE_DEVIATION
from deals.models import (
    PROPOSAL_MOVES,
    Proposal,
    ProposalLine,
    ProposalState,
)
from deals.ordering.order_goods import Goods, PriceCheck

KIND = "proposal.deviation"
WRONG_STATE = gettext_lazy("The proposal is in the state “%(state)s”: this is not possible now.")
INDIVIDUAL_BY_REQUEST = frozenset({"A", "B"})


@dataclass(frozen=True)
class ProposalHead:
    """What a proposal says above its lines."""

    client: Client
    valid_to: date
    price_kind: str = "base"
    is_individual: bool = False
    terms: str = ""
    retro_terms: str = ""
    retro_pct: Decimal = Decimal(0)


@transaction.atomic
def create_proposal(
    *, by: User, head: ProposalHead, goods: Sequence[Goods], key: UUID, today: date
) -> Proposal:
    """Write a draft with a number of the year; once per `key`, however often it is sent (G-RL7)."""
    if not permissions.can_propose_to(by, head.client):
        raise PermissionDenied
    one_at_a_time(key)
    before: Proposal | None = Proposal.objects.filter(idempotency_key=key, author=by).first()
    if before is not None:
        return before
    number = take_numbers("proposal", year=today.year)[0]
    proposal = Proposal(
        number=format_number(PROPOSAL_PREFIX, today.year, number),
        dated_on=today,
        author=by,
        idempotency_key=key,
    )
    with verb("proposal.created", by=by, on_behalf_of=absent(by, head.client)):
        _write(proposal, head, goods, today)
    return proposal


@transaction.atomic
def edit_proposal(
    proposal_id: int,
    *,
    by: User,
    version: int,
    head: ProposalHead,
    goods: Sequence[Goods],
    today: date,
) -> Proposal:
    """Replace what a draft says; a later version stays with its client.

    Raises StaleVersion when somebody was faster.
    """
    proposal = locked_proposal(proposal_id, by, version)
    if not permissions.can_edit_proposal(by, proposal):
        raise PermissionDenied(_("Only a draft can be changed."))
    if not permissions.can_propose_to(by, head.client):
        raise PermissionDenied
    if proposal.root_id is not None and proposal.client_id != head.client.pk:
        raise RuleViolation(_("A version goes to the client of the first one."), field="client")
    with verb("proposal.edited", by=by, on_behalf_of=absent(by, head.client)):
        proposal.version += 1
        proposal.dated_on = today
        _write(proposal, head, goods, today)
    return proposal


@transaction.atomic
def renew_proposal(
    proposal_id: int, *, by: User, version: int, today: date, holds: date
) -> Proposal:
    """A draft of the next version, with the same lines, holding to the day; one at a time."""
    old = locked_proposal(proposal_id, by, version)
    if not permissions.can_renew_proposal(by, old):
        raise PermissionDenied
    family = Proposal.objects.of_family(old.first_id)
    first = Proposal.objects.select_for_update(of=("self",)).get(pk=old.first_id)
    number = max(family.values_list("number_of_version", flat=True)) + 1
    head = ProposalHead(
        old.client,
        holds,
        old.price_kind,
        old.is_individual,
        old.terms,
        old.retro_terms,
        old.retro_pct,
    )
    fresh = Proposal(
        number=f"{first.number}/{number}",
        root=first,
        number_of_version=number,
        dated_on=today,
        author=by,
    )
    with verb("proposal.renewed", by=by, on_behalf_of=absent(by, old.client)):
        _write(fresh, head, _renewed_goods(old, today), today)
    return fresh


def _renewed_goods(old: Proposal, today: date) -> list[Goods]:
    """The lines at the prices of today's list; what it does not know keeps its typed price."""
    rows = goods_of(old)
    known = PriceCheck(rows, old.price_kind, today).known
    return [
        Goods(
            row.product,
            row.quantity,
            None if row.product.pk in known else row.price,
            row.discount_pct,
        )
        for row in rows
    ]


@transaction.atomic
def submit_proposal(proposal_id: int, *, by: User, version: int, today: date) -> Approval:
    """Send a draft whose prices are below the lowest to the one whose limit covers it."""
    proposal = locked_proposal(proposal_id, by, version)
    if not permissions.can_edit_proposal(by, proposal):
        raise PermissionDenied
    still_holds(proposal, today)
    prices = checked_prices(proposal, today)
    if not prices.deviation:
        raise RuleViolation(_("No price is below the lowest one: send it to the client."))
    proposal.deviation = prices.deviation
    proposal.save(update_fields=["deviation"])
    return approvals.submit(
        proposal,
        kind=KIND,
        by=by,
        title=f"{proposal.number}, {proposal.client.name}",
        org_unit=proposal.client.org_unit,
        today=today,
        on_behalf_of=absent(by, proposal.client),
        limits=way_of(prices.deviation),
    )


@transaction.atomic
def withdraw_proposal(proposal_id: int, *, by: User, today: date) -> None:
    """Whoever sent it for approval takes it back from its way: a draft again."""
    proposal = Proposal.objects.visible_to(by).get(pk=proposal_id)
    if not approvals.withdraw_running(proposal, by=by, today=today):
        raise RuleViolation(_("It is not on its way to a decision."))


@transaction.atomic
def reopen_proposal(proposal_id: int, *, by: User, version: int) -> None:
    """Approved, but something is to be changed: a draft again, whose approval is void."""
    proposal = locked_proposal(proposal_id, by, version)
    if not permissions.can_reopen_proposal(by, proposal):
        raise PermissionDenied
    with verb("proposal.reopened", by=by, on_behalf_of=absent(by, proposal.client)):
        move(proposal, PROPOSAL_MOVES, ProposalState.DRAFT, WRONG_STATE)


@transaction.atomic
def discard_proposal(proposal_id: int, *, by: User, version: int) -> None:
    """Throw a draft away: it stays in the history, and the version before may be renewed again."""
    proposal = locked_proposal(proposal_id, by, version)
    check_move(proposal, PROPOSAL_MOVES, ProposalState.DISCARDED, WRONG_STATE)
    if not permissions.can_discard_proposal(by, proposal):
        raise PermissionDenied
    with verb("proposal.discarded", by=by, on_behalf_of=absent(by, proposal.client)):
        move(proposal, PROPOSAL_MOVES, ProposalState.DISCARDED, WRONG_STATE)


def way_of(deviation: Decimal) -> LimitRoute:
    """Who decides about prices so far below the lowest."""
    return route_for(PRICE_DEVIATION, deviation=deviation)


def needs_approval(by: User, deviation: Decimal) -> bool:
    """Whether somebody else decides: below the lowest price by more than the own limit."""
    return bool(deviation) and not way_of(deviation).is_own(by)


def checked_prices(proposal: Proposal, today: date) -> PriceCheck:
    """Its prices by the list of today; RuleViolation where the list has changed."""
    prices = PriceCheck(
        goods_of(proposal),
        proposal.price_kind,
        today,
        lowest_holds=False,
        retro_pct=proposal.retro_pct,
    )
    refuse_prices(prices)
    return prices


def goods_of(proposal: Proposal) -> list[Goods]:
    """The lines as an order would ask for them."""
    return [
        Goods(line.product, line.quantity, line.price, line.discount_pct)
        for line in proposal.lines.select_related("product")
    ]


def still_holds(proposal: Proposal, today: date) -> None:
    """Raise RuleViolation for a proposal whose last day has passed."""
    if proposal.valid_to is not None and proposal.valid_to < today:
        raise RuleViolation(_("Its last day has passed: set a later one."))


def locked_proposal(proposal_id: int, by: User, version: int) -> Proposal:
    """The visible proposal with its client, locked; StaleVersion for a page that is old."""
    rows = Proposal.objects.visible_to(by).select_for_update(of=("self",))
    proposal: Proposal = rows.select_related("client__org_unit").get(pk=proposal_id)
    if proposal.version != version:
        raise StaleVersion(of=proposal)
    return proposal


def _write(proposal: Proposal, head: ProposalHead, goods: Sequence[Goods], today: date) -> None:
    """Head, lines and sums; VAT of the proposal is the sum of its lines (D.16)."""
    if head.valid_to < today:
        raise RuleViolation(_("A proposal must be valid until today at least."), field="valid_to")
    _check_goods(goods)
    prices = PriceCheck(goods, head.price_kind, today, lowest_holds=False, retro_pct=head.retro_pct)
    refuse_prices(prices)
    for name in ProposalHead.__dataclass_fields__:
        setattr(proposal, name, getattr(head, name))
    proposal.is_individual = _is_individual(head)
    lines = [
        ProposalLine(
            proposal=proposal, lowest_price=floor.price, agreement=floor.agreement, **values
        )
        for floor, values in zip(map(prices.floor, goods), prices.lines(), strict=True)
    ]
    proposal.deviation = prices.deviation
    proposal.total = sum((line.amount for line in lines), Decimal(0))
    proposal.vat_amount = sum((line.vat_amount for line in lines), Decimal(0))
    _save(proposal)
    write_lines(proposal.lines.all(), lines, same=attrgetter("product_id"))


def _save(proposal: Proposal) -> None:
    try:
        with transaction.atomic():
            proposal.save()
    except IntegrityError as clash:
        if "proposal_one_version_being_written" not in str(clash):
            raise
        raise RuleViolation(_("The next version is being written already.")) from clash


def _check_goods(goods: Sequence[Goods]) -> None:
    if not goods:
        raise RuleViolation(_("A proposal has at least one line."))
    if len(goods) > MOST_LINES:
        raise RuleViolation(_("A document has at most %(most)s lines.") % {"most": MOST_LINES})
    seen: set[int] = set()
    for place, row in enumerate(goods):
        if row.product.pk in seen:
            text = _("A product stands in a proposal once.")
            raise RuleViolation(text, field=f"line-{place}-product")
        seen.add(row.product.pk)


def _is_individual(head: ProposalHead) -> bool:
    """To clients of category A always, of B by request, to others never (C.9)."""
    if head.client.category == "A":
        return True
    if head.is_individual and head.client.category not in INDIVIDUAL_BY_REQUEST:
        text = _("Individual proposals are made to clients of the categories A and B.")
        raise RuleViolation(text, field="is_individual")
    return head.is_individual
