"""Proposals, prices and terms on unhappy paths: what has changed or passed since it was written."""

from datetime import timedelta
from decimal import Decimal as D
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from crm.approvals.actions import decide
from deals.actions import prices
from deals.actions import proposal_moves as moves
from deals.actions import proposals as actions
from deals.actions import terms_requests as terms
from deals.models import PriceListLine, Proposal
from tests.cast import fresh
from tests.deals.test_contract_edges import refused
from tests.factories import clients, deals, orders, proposals

DAY, TODAY = timedelta(days=1), timezone.localdate()


@pytest.fixture
def client(cast):
    return clients.client(cast.manager, category="B")


@pytest.fixture
def tea(cast):
    """100.00 by the list, not below 80.00."""
    made = deals.product()
    deals.price_list(cast.director, {made: "100.00"}, approved_by=cast.director)
    return made


@pytest.fixture
def draft(cast, client, tea):
    return proposals.draft(client, {tea: ("1", "24")}, by=cast.manager)


def written(offer, **values):
    Proposal.objects.filter(pk=offer.pk).update(**values)
    offer.refresh_from_db()
    return offer


def head_of(client):
    return actions.ProposalHead(client, TODAY)


def test_what_has_passed_is_neither_asked_for_nor_sent(cast, draft):
    written(draft, dated_on=TODAY - 5 * DAY, valid_to=TODAY - DAY)
    by = {"by": cast.manager, "version": 1, "today": TODAY}
    refused(actions.submit_proposal, draft.pk, match="Срок", **by)
    send = {"channel": "email", "on": TODAY}
    refused(moves.send_proposal, draft.pk, match="Срок", **send, **by)
    written(draft, valid_to=TODAY)
    approval = actions.submit_proposal(draft.pk, **by)
    assert approval.state == "running"
    archived = {"status": "archived", "archived_at": timezone.now()}
    type(draft.client).objects.filter(pk=draft.client_id).update(**archived)
    yes = {"decision": "approve", "version": approval.version, "today": TODAY}
    yes["target_version"] = approval.target_version
    refused(decide, approval.pk, by=cast.department_head, match="в архиве", **yes)


def test_it_is_asked_for_by_the_prices_of_today(cast, client, tea, draft):
    by = {"by": cast.manager, "version": 1, "today": TODAY}
    deals.raise_lowest(tea, "81.00")
    own = proposals.draft(client, {tea: ("1", "20")}, by=cast.sector_head)
    written(own, deviation=0)  # as of the day when the lowest price was 80
    send = {"by": cast.sector_head, "version": 1, "channel": "email"}
    assert moves.send_proposal(own.pk, on=TODAY, today=TODAY, **send).state == "sent"
    deals.raise_lowest(tea, "95.00")
    actions.submit_proposal(draft.pk, **by)
    draft.refresh_from_db()
    assert f"{draft.deviation}" == "20.00"
    cheap = proposals.draft(client, {tea: ("1", "5")}, by=cast.manager)
    refused(actions.submit_proposal, cheap.pk, match="отправ", **by)
    deals.price_list(cast.director, {tea: "120.00"}, approved_by=cast.director, since=TODAY)
    late = {"channel": "email", "on": TODAY, "field": "line-0-price"}
    refused(moves.send_proposal, cheap.pk, **late, **by)
    assert PriceListLine.objects.filter(product=tea).count() == 2


def test_a_draft_goes_to_ones_own_clients_and_a_version_to_its_first_one(cast, client, tea, draft):
    goods, other = proposals.goods({tea: ("1", "0")}), clients.client(cast.manager)
    edit = {"by": cast.manager, "goods": goods, "today": TODAY}
    with pytest.raises(PermissionDenied):
        actions.edit_proposal(
            draft.pk, version=1, head=head_of(clients.client(cast.stranger)), **edit
        )
    assert actions.edit_proposal(draft.pk, version=1, head=head_of(other), **edit).client == other
    sent = proposals.sent(client, {tea: ("1", "0")}, by=cast.manager)
    with pytest.raises(PermissionDenied):
        actions.edit_proposal(sent.pk, version=sent.version, head=head_of(client), **edit)
    version = actions.renew_proposal(
        sent.pk, by=cast.manager, version=sent.version, today=TODAY, holds=TODAY
    )
    refused(
        actions.edit_proposal, version.pk, version=1, head=head_of(other), field="client", **edit
    )
    assert actions.edit_proposal(version.pk, version=1, head=head_of(client), **edit).version == 2
    with pytest.raises(Proposal.DoesNotExist):
        actions.withdraw_proposal(sent.pk, by=cast.stranger, today=TODAY)
    refused(actions.withdraw_proposal, sent.pk, by=cast.manager, today=TODAY)


def test_a_proposal_is_sent_and_answered_between_its_days(cast, client, tea):
    offer = proposals.draft(client, {tea: ("1", "0")}, by=cast.manager)
    send = {"by": cast.manager, "channel": "email", "today": TODAY, "version": 1}
    for on in (offer.dated_on - DAY, TODAY + DAY):
        refused(moves.send_proposal, offer.pk, on=on, field="on", **send)
    written(offer, dated_on=TODAY - 5 * DAY, valid_to=TODAY)
    sent = moves.send_proposal(offer.pk, on=TODAY - 2 * DAY, **send)
    with pytest.raises(PermissionDenied):
        moves.send_proposal(offer.pk, on=TODAY, **send | {"version": sent.version})
    with pytest.raises(PermissionDenied):
        moves.order_proposal(sent.pk, by=cast.manager, version=sent.version, today=TODAY)
    answer = {"by": cast.manager, "version": sent.version, "today": TODAY, "order": False}
    written(sent, valid_to=TODAY - DAY, dated_on=TODAY - 5 * DAY)
    refused(moves.accept_proposal, sent.pk, on=TODAY, field="on", match="до", **answer)
    imported = proposals.sent(client, {tea: ("1", "0")}, by=cast.manager)
    written(imported, is_imported=True, valid_to=None)  # holds to no day
    actions.still_holds(imported, TODAY)
    moves.accept_proposal(imported.pk, on=TODAY, **answer | {"version": imported.version})
    moves.accept_proposal(sent.pk, on=TODAY - DAY, **answer)
    assert written(sent).answered_on == TODAY - DAY


def test_a_document_has_no_more_lines_than_it_may(cast, client, tea, monkeypatch):
    monkeypatch.setattr(actions, "MOST_LINES", 1)
    proposals.draft(client, {tea: ("1", "0")}, by=cast.manager)
    two = {tea: ("1", "0"), deals.product(): ("1", "0")}
    refused(proposals.draft, client, two, by=cast.manager, match="1")


def test_prices_fit_their_list_and_its_days(cast, tea):
    gone, by = deals.product(), {"by": cast.director}
    lines = {tea: "100.00", gone: "5.00"}
    held = deals.price_list(cast.director, lines, approved_by=cast.director, kind="chain")
    type(gone).objects.filter(pk=gone.pk).update(archived_at=timezone.now())
    new = {"kind": "chain", "name": "Новый", "valid_from": TODAY, "copied": True}
    refused(prices.create_price_list, key=uuid4(), change_percent=D(-100), field="change_percent",
            **new, **by)  # fmt: skip
    key = uuid4()
    made = prices.create_price_list(key=key, **new, **by)
    with pytest.raises(IntegrityError), transaction.atomic():  # the key of another's form
        prices.create_price_list(key=key, by=cast.department_head, **new)
    assert [line.product for line in made.lines.all()] == [tea]
    for price, lowest in ((0, 0), (5, 6), (5, -1)):
        row = [prices.Price(tea.pk, D(price), D(lowest))]
        refused(prices.set_prices, made.pk, version=1, prices=row, **by)
    row = [prices.Price(tea.pk, D(5), D(5)), prices.Price(gone.pk, D(1), D(0))]
    prices.set_prices(made.pk, version=1, prices=row, **by)
    prices.drop_price(made.pk, version=2, product_id=gone.pk, **by)
    assert [line.product for line in made.lines.all()] == [tea]
    refused(prices.end_price_list, made.pk, version=3, on=TODAY + DAY, **by)
    end = {"version": held.version, **by}
    refused(prices.end_price_list, held.pk, on=held.valid_from, field="on", **end)
    held = prices.end_price_list(held.pk, on=TODAY + DAY, **end)
    later = {"version": held.version, **by}
    refused(prices.end_price_list, held.pk, on=TODAY + 2 * DAY, field="on", **later)
    prices.end_price_list(held.pk, on=TODAY + DAY, **later)
    made = prices.approve_price_list(made.pk, version=3, **by)
    held.refresh_from_db()
    assert held.valid_to == made.valid_from == TODAY
    approved = {"version": made.version, **by}
    refused(prices.approve_price_list, made.pk, match="Состояние", **approved)
    made = prices.end_price_list(made.pk, on=TODAY + DAY, **approved)
    after, version = {"kind": "chain", "since": TODAY + DAY}, made.version
    deals.price_list(cast.director, {tea: "7.00"}, approved_by=cast.director, **after)
    made.refresh_from_db()
    assert (made.valid_to, made.version) == (TODAY + DAY, version)


def test_a_request_for_terms_is_corrected_by_its_author_for_its_client(cast, client, tea):
    other = clients.client(cast.manager, category="B")
    asked = deals.terms_request(client, cast.manager, valid_from=TODAY, valid_to=TODAY)
    values = {"value": D(4), "valid_from": TODAY, "valid_to": TODAY, "reason": "Партия"}
    save = {"today": TODAY, "kind": "discount", "request_id": asked.pk, "version": 1, **values}
    for of, by in ((client, cast.sector_head), (other, cast.manager)):
        with pytest.raises(PermissionDenied):
            terms.save_terms_request(of.pk, by=by, send=False, **save)
    new = save | {"request_id": None, "send": False}
    with pytest.raises(PermissionDenied):
        terms.save_terms_request(client.pk, by=cast.accountant, **new)
    wrong = new | {"value": D(-1)}
    with pytest.raises(IntegrityError, match="value_of_kind"), transaction.atomic():
        terms.save_terms_request(client.pk, by=cast.manager, **wrong)
    order = orders.placed(other, {tea: 1}, by=cast.manager)
    refused(terms.save_terms_request, client.pk, by=cast.manager, send=False, order=order,
            field="order", **save)  # fmt: skip
    fits = {"order": orders.placed(client, {tea: 1}, by=cast.manager), "send": False}
    fits["valid_to"] = TODAY + 365 * DAY  # as long as the setting allows
    done = terms.save_terms_request(client.pk, by=cast.manager, **save | fits)
    assert (done.value, done.version) == (D(4), 2)
    waits = {"state": "submitted", "valid_from": TODAY, "valid_to": TODAY}
    waiting = deals.terms_request(other, cast.manager, "3", **waits)  # now within the own limit
    send = {"version": 1, "today": TODAY}
    refused(terms.submit_terms_request, waiting.pk, by=cast.manager, **send)
    type(cast.manager).objects.filter(pk=cast.manager.pk).update(role="accountant")
    with pytest.raises(PermissionDenied):
        terms.submit_terms_request(done.pk, by=fresh(cast.manager), **send | {"version": 2})
