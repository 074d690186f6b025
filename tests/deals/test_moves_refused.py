"""Every move of contracts, papers, proposals, prices, orders, terms: to whom it is refused.

Of each move four things: who does not see the row, who sees it and may not, a stale version, the
same once more. What is refused changes no row; what is done waits for the others under a lock.
"""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import time, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from crm.errors import RuleViolation, StaleVersion
from deals.actions import (
    contract_papers,
    contract_parts,
    contract_signatures,
    contracts,
    deliveries,
    dossier,
    late_orders,
    limit_requests,
    limits,
    order_moves,
    orders,
    packages,
    price_changes,
    price_notices,
    prices,
    proposal_moves,
    proposals,
    scheme_moves,
    schemes,
    stops,
    terms_requests,
)
from deals.models import (
    Contract,
    CreditLimit,
    Order,
    PriceChange,
    PriceChangeNotice,
    Proposal,
    RelationshipScheme,
)
from tests.authz.asking import contents
from tests.deals.test_contracts import TERMS
from tests.factories import clients, deals
from tests.factories import contracts as papers
from tests.factories import orders as taken
from tests.factories import proposals as offers
from tests.factories import schemes as kept
from tests.standing import standing

TODAY = timezone.localdate()
NOW = timezone.now()
DAY = timedelta(days=1)
REFUSALS = (PermissionDenied, RuleViolation, ObjectDoesNotExist)
PAPER = {"kind": "charter", "number": "7", "issued_on": None, "valid_to": None, "note": ""}
PLAN = {
    "outlet": None, "weekdays": [1], "time_from": time(9), "time_to": time(13), "reason": "График",
    "starts_on": TODAY, "today": TODAY, "now": NOW,
}  # fmt: skip


@dataclass
class Move:
    """One action on a row of the world: who may do it, who sees the row and may not."""

    row: str
    act: Callable[..., Any]
    by: str = "manager"
    other: str = "accountant"
    values: dict[str, Any] | None = None
    versioned: bool = True  # takes the version that was shown
    refusal: Any = PermissionDenied
    unseen: Any = ObjectDoesNotExist
    once: bool = True  # the same again is refused
    also: tuple[str, ...] = ()  # tables of what else is locked


def _draft(client, cast, state, **more):
    return papers.draft(client, cast.manager, state=state, **more)


@standing
def world(cast):
    """One row of each kind in the state in which something can be done to it."""
    client, tea = clients.client(cast.manager, category="A"), deals.product()
    base = deals.price_list(cast.director, {tea: "100.00"}, approved_by=cast.director)
    draft, active = papers.draft(client, cast.manager), papers.active(client, cast.manager)
    ours = {"signed_by": cast.director, "signed_by_us_on": TODAY}
    papers.power(cast.manager)

    def offer(state="draft", discount="0", **facts):
        made = offers.draft(client, {tea: ("1", discount)}, by=cast.manager)
        Proposal.objects.filter(pk=made.pk).update(state=state, **facts)
        return Proposal.objects.get(pk=made.pk)

    def order(state, **facts):
        made = taken.placed(client, {tea: 1}, by=cast.manager)
        Order.objects.filter(pk=made.pk).update(state=state, **facts)
        return Order.objects.get(pk=made.pk)

    sent, held = {"sent_on": TODAY}, clients.client(cast.manager)
    holds = deals.price_list(cast.director, {tea: "90.00"}, approved_by=cast.director, kind="chain")
    change = PriceChange.objects.create(
        price_list=holds, replaces=base, effective_from=TODAY, prices_changed=1
    )
    return SimpleNamespace(
        client=client,
        draft=draft,
        active=active,
        approved=_draft(client, cast, "approved"),
        ours=_draft(client, cast, "signed_by_us", **ours),
        clause=papers.disagreement(draft, cast.manager),
        owed=papers.obligation(active, cast.manager, cast.department),
        power=papers.power(cast.manager2),
        template=papers.template(),
        paper=papers.document(client, cast.lawyer),
        plan=papers.delivery(client, cast.manager),
        place=clients.client(cast.manager),
        sale=deals.sale(client, on=TODAY),
        offer=offer(),
        low=offer(discount="50"),
        offered=offer("approved"),
        sent=offer("sent", **sent),
        accepted=offer("accepted", answered_on=TODAY, **sent),
        prices=deals.price_list(cast.director, {tea: "90.00"}, since=TODAY),
        holds=holds,
        asked=deals.terms_request(client, cast.manager, valid_from=TODAY, valid_to=TODAY),
        order=order("confirmed"),
        new=taken.draft(client, {tea: 1}, by=cast.manager),
        waiting=order("on_hold", hold_reasons=["manual"]),
        picking=order("picking"),
        partly=order("shipped_partially"),
        shipped=order("shipped"),
        delivered=order("delivered", delivered_on=TODAY),
        wanted=deals.limit_request(client, cast.manager, valid_from=TODAY),
        limit=deals.credit_limit(held, by=cast.director),
        stop=stops.stop_client(
            held.pk, by=cast.department_head, reason="manual", note="Спор", now=NOW
        ),
        scheme=kept.scheme(client, cast.manager),
        holding=kept.scheme(held, cast.manager, state="active"),
        notice=PriceChangeNotice.objects.create(change=change, client=client, due_on=TODAY),
        tea=tea,
    )


def moves_of_contracts(w):
    why, on = {"reason": "Передумали"}, {"on": TODAY, "today": TODAY}
    today = {"today": TODAY}
    client_said = {"signatory": "Иванов", "authority": "устав", **on}
    clause = {"clause": "1", "ours": "Да", "theirs": "Нет"}
    owed = {"kind": "training", "text": "Обучить", "org_unit": w.client.org_unit, "due_on": TODAY}
    settled = {"state": "dropped", "proposed": "", "agreed": ""}
    contract = ("deals_contract",)
    return [
        Move("place", contracts.draft_contract, values=TERMS | today | {"key": uuid4()},
             other="lawyer", versioned=False, once=False),
        Move("draft", contracts.edit_contract, values=TERMS, other="lawyer"),
        Move("draft", contracts.submit_contract, values=today),
        Move("draft", contracts.cancel_contract, values=why | today, other="lawyer"),
        Move("approved", contracts.reopen_contract),
        Move("approved", contract_signatures.sign_contract, values=on, refusal=RuleViolation),
        Move("ours", contract_signatures.note_client_signature, values=client_said),
        Move("active", contract_signatures.ask_to_end, "department_head", "manager", why | on),
        Move("draft", contract_parts.add_disagreement, values=clause, versioned=False),
        Move("active", contract_parts.add_obligation, values=owed, versioned=False),
        Move("clause", contract_parts.settle_disagreement, values=settled, also=contract),
        Move("owed", contract_parts.fulfil_obligation, values=on | {"evidence": "Акт"}),
        Move("owed", contract_parts.drop_obligation, values=why | {"now": NOW}),
        Move("power", contract_parts.revoke_power, "lawyer", "manager", why | {"now": NOW},
             unseen=PermissionDenied),
        Move("template", contract_papers.archive_template, "lawyer", "manager", {"now": NOW},
             versioned=False, unseen=PermissionDenied),
        Move("draft", contract_papers.keep_draft, other="purchasing", versioned=False, once=False,
             refusal=(PermissionDenied, ObjectDoesNotExist)),
    ]  # fmt: skip


def moves_of_papers(w):
    yes, no = {"side": "client", "person": "Петров", "now": NOW}, {"reason": "Нет машин"}
    made = {"kind": "upd", "step": "made", "on": TODAY, "today": TODAY}
    right = {"other": "director", "versioned": False}
    return [
        Move("client", dossier.add_client_document, values=PAPER, **right),
        Move("paper", dossier.edit_client_document, values=PAPER, other="director"),
        Move("paper", dossier.check_client_document, "accountant", "manager", {"today": TODAY}),
        Move("paper", dossier.withdraw_client_document, values={"now": NOW}, other="director"),
        Move("place", deliveries.propose_delivery, values=PLAN, **right),
        Move("plan", deliveries.confirm_delivery, values=yes),
        Move("plan", deliveries.refuse_delivery, "logistics", "lawyer", no),
        Move("sale", packages.note_document, values=made, other="lawyer", versioned=False),
    ]


def moves_of_offers(w):
    today, on = {"today": TODAY}, {"on": TODAY, "today": TODAY}
    head, goods = proposals.ProposalHead(w.client, TODAY), offers.goods({w.tea: ("2", "0")})
    text = {"head": head, "goods": goods, **today}
    listed = {"kind": "base", "name": "Другой", "valid_from": TODAY}
    heads, hidden = {"by": "director", "other": "manager"}, {"unseen": REFUSALS}
    price = {"prices": [prices.Price(w.tea.pk, Decimal(2), Decimal(1))]}
    family = ("deals_proposal",)
    return [
        Move("offer", proposals.edit_proposal, values=text),
        Move("low", proposals.submit_proposal, values=today),
        Move("offered", proposals.reopen_proposal),
        Move("sent", proposals.renew_proposal, values=today | {"holds": TODAY}, also=family),
        Move("offer", proposal_moves.send_proposal, values=on | {"channel": "email"}, also=family),
        Move("sent", proposal_moves.accept_proposal, values=on | {"order": True}),
        Move("sent", proposal_moves.decline_proposal, values=on | {"reason": "Дорого"}),
        Move("accepted", proposal_moves.order_proposal, values=today, once=False),
        Move("prices", prices.edit_price_list, values=listed, **heads, **hidden),
        Move("prices", prices.set_prices, values=price, **heads, **hidden),
        Move("prices", prices.drop_price, values={"product_id": w.tea.pk}, **heads, **hidden),
        Move("prices", prices.approve_price_list, "director", "department_head",
             also=("deals_pricelist",), **hidden),
        Move("prices", prices.discard_price_list, **heads, **hidden),
        Move("holds", prices.end_price_list, values={"on": TODAY}, **heads, **hidden),
        Move("asked", terms_requests.submit_terms_request, values=today, other="sector_head"),
        Move("asked", terms_requests.withdraw_terms_request, values=today, other="sector_head",
             versioned=False),
    ]  # fmt: skip


def moves_of_orders(w):
    on, why = {"on": TODAY, "today": TODAY}, {"reason": "Передумали"}
    with_client = {"other": "lawyer", "also": ("clients_client",)}
    today = {"today": TODAY}
    text = {"head": orders.OrderHead(w.client), "goods": taken.goods({w.tea: 2}), **today}
    return [
        Move("new", orders.edit_order, values=text, unseen=PermissionDenied,
             also=with_client["also"]),
        Move("new", orders.submit_order, values=today, also=with_client["also"]),
        Move("waiting", orders.recheck_order, values=today, **with_client),
        Move("waiting", orders.release_order, "director", "manager", why | today),
        Move("order", order_moves.cancel_order, values=why, **with_client),
        Move("order", order_moves.reopen_order),
        Move("order", order_moves.pick_order, **with_client),
        Move("partly", order_moves.finish_order, **with_client),
        Move("shipped", order_moves.deliver_order, values=on, **with_client),
        Move("delivered", order_moves.close_order, **with_client),
    ]  # fmt: skip


def moves_of_terms(w):
    today, why = {"today": TODAY}, {"reason": "Передумали"}
    terms = {"value": Decimal(3), "valid_from": TODAY, "valid_to": TODAY, "reason": "Партия"}
    new = {"kind": "discount", "request_id": None, "version": 0, "send": False}
    limit = {"amount": Decimal(9), "valid_from": TODAY, "reason": "Рост"}
    limit |= {"deferral_days": None, "deferral_day_type": "calendar"}
    stop, told = {"reason": "manual", "note": "Спор"}, price_notices.Mark("sent", TODAY, "email")
    ask, closed = {"versioned": False}, today | {"on": TODAY + DAY, "now": NOW}
    return [
        Move("place", terms_requests.save_terms_request, values=terms | new | today, **ask),
        Move("place", limit_requests.draft_limit_request, values=limit | today, **ask),
        Move("wanted", limit_requests.submit_limit_request, values=today, other="sector_head"),
        Move("limit", limits.close_limit, "director", "manager", closed),
        Move("place", stops.stop_client, "department_head", "manager", stop | {"now": NOW}, **ask),
        Move("stop", stops.lift_stop, "director", "manager", {"now": NOW}),
        Move("scheme", schemes.submit_scheme, values=today, other="sector_head"),
        Move("holding", scheme_moves.end_scheme, "director", "manager", why | today),
        Move("notice", price_notices.mark_notice, values={"mark": told} | today),
    ]


@pytest.mark.parametrize(
    "of",
    [moves_of_contracts, moves_of_papers, moves_of_offers, moves_of_orders, moves_of_terms],
)
def test_a_move_is_refused_to_others_to_old_pages_and_twice(cast, world, of):
    before = contents()
    for move in of(world):
        row, good = getattr(world, move.row), getattr(cast, move.by)
        shown = {"version": row.version} if move.versioned else {}
        refused(move, move.unseen, row, cast.stranger, shown)
        refused(move, move.refusal, row, getattr(cast, move.other), shown)
        if move.versioned:
            refused(move, StaleVersion, row, good, {"version": row.version + 1})
        savepoint = transaction.savepoint()
        with CaptureQueriesContext(connection) as asked:
            move.act(row.pk, by=good, **shown, **(move.values or {}))
        assert locked_before_writing(asked, row._meta.db_table, *move.also), move
        if move.once:
            refused(move, REFUSALS, row, good, shown)
        transaction.savepoint_rollback(savepoint)
    assert contents() == before


def refused(move, kind, row, by, shown):
    """Not done; an answer that names the move."""
    try:
        move.act(row.pk, by=by, **shown, **(move.values or {}))
    except kind:
        return
    pytest.fail(f"{move.act.__name__} is not refused to {by.username} with {shown}: {kind}")


def locked_before_writing(asked, *tables):
    """A row of each table is locked before the first is written; or only a file is written.

    A table named twice is locked twice. The history stands before a statement, so that it does not
    begin with its verb.
    """
    wanted = Counter(tables)
    for query in asked:
        lock = re.search(r'FROM "(\w+)".* FOR (NO KEY )?UPDATE', query["sql"])
        if lock:
            wanted[lock[1]] -= 1
        elif re.search(r'\bUPDATE "|\bINSERT INTO|\bDELETE FROM', query["sql"]):
            return '"files_' in query["sql"] or not +wanted
    return False


def test_what_an_approval_gives_waits_for_the_client(cast, world):
    RelationshipScheme.objects.filter(pk=world.scheme.pk).update(state="on_approval")
    today = {"today": TODAY}
    by = {"by": cast.director, **today}
    scheme = RelationshipScheme.objects.get(pk=world.scheme.pk)
    for run, also in (
        (lambda: limits.begin_limit(world.wanted, now=NOW, **by), ["deals_creditlimit"]),
        (lambda: limits.drop_limit(world.wanted, **today), []),
        (lambda: scheme_moves.approve_scheme(scheme, **by), []),
    ):
        with CaptureQueriesContext(connection) as asked:
            run()
        assert locked_before_writing(asked, "clients_client", *also), run
        CreditLimit.objects.update(valid_from=TODAY + DAY)


def test_the_clock_locks_what_it_turns(cast, world):
    gone = TODAY - DAY
    days = {"valid_from": gone, "valid_to": gone}
    Contract.objects.filter(pk=world.active.pk).update(ends_on=gone)
    Proposal.objects.filter(pk=world.sent.pk).update(dated_on=gone, sent_on=gone, valid_to=gone)
    deals.terms_request(world.place, cast.manager, state="approved", **days)
    RelationshipScheme.objects.filter(pk=world.holding.pk).update(**days)
    Order.objects.filter(pk=world.order.pk).update(promised_on=gone)
    for table, run in (
        ("deals_contract", lambda: contract_signatures.expire_contracts(TODAY)),
        ("deals_proposal", lambda: proposal_moves.expire_proposals(today=TODAY)),
        ("deals_termsrequest", lambda: terms_requests.expire_terms(today=TODAY)),
        ("deals_relationshipscheme", lambda: scheme_moves.turn_schemes(today=TODAY)),
        ("deals_order", lambda: late_orders.alert_late_orders(today=TODAY)),
        ("deals_pricechange", lambda: price_changes.advance_changes(today=TODAY)),
    ):
        with CaptureQueriesContext(connection) as asked:
            run()
        assert locked_before_writing(asked, table), table
