"""Orders on unhappy paths: what does not fit, what has changed while they waited."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from crm.errors import RuleViolation
from crm.notices.models import Notice
from deals.actions import orders as actions
from deals.actions.orders import OrderHead
from deals.models import Order
from deals.ordering.order_goods import Goods
from tests.factories import clients, deals, orders, proposals

TODAY = orders.TODAY


@pytest.fixture
def client_of(cast):
    return clients.client(cast.manager, category="B")


def test_what_an_order_says_fits_its_client_and_its_state(cast, client_of, tea):
    other = clients.client(cast.manager)
    foreign = deals.contract(other)
    deals.price_list(cast.director, {tea: "100.00"}, approved_by=cast.director)
    goods = {"goods": orders.goods({tea: 1}), "today": TODAY}
    edit = {"by": cast.manager, "version": 1} | goods
    key = uuid4()
    draft = actions.create_order(by=cast.manager, head=OrderHead(client_of), key=key, **goods)
    with pytest.raises(IntegrityError), transaction.atomic():  # the key of another's form
        actions.create_order(by=cast.sector_head, head=OrderHead(client_of), key=key, **goods)
    with pytest.raises(PermissionDenied):
        actions.edit_order(draft.pk, head=OrderHead(clients.client(cast.stranger)), **edit)
    with pytest.raises(RuleViolation) as refusal:
        actions.edit_order(draft.pk, head=OrderHead(client_of, contract=foreign), **edit)
    assert refusal.value.field == "contract"
    offer = proposals.sent(client_of, {tea: ("1", "0")}, by=cast.manager)
    Order.objects.filter(pk=draft.pk).update(proposal=offer)
    with pytest.raises(RuleViolation, match="другого клиента"):
        actions.edit_order(draft.pk, head=OrderHead(other), **edit)
    assert actions.edit_order(draft.pk, head=OrderHead(client_of), **edit).version == 2
    placed = orders.placed(client_of, {tea: 1}, by=cast.manager)
    edit["version"] = placed.version
    with pytest.raises(RuleViolation, match="состоянии"):
        actions.edit_order(placed.pk, head=OrderHead(client_of), **edit)
    type(client_of).objects.filter(pk=client_of.pk).update(
        status="archived", archived_at=timezone.now()
    )
    edit["version"] = 2
    with pytest.raises(PermissionDenied):
        actions.edit_order(draft.pk, head=OrderHead(other), **edit)


def test_an_order_that_waits_is_looked_at_again_and_released_with_a_reason(cast, client_of, tea):
    deals.credit_limit(client_of, "50.00", by=cast.director)
    held = orders.placed(client_of, {tea: 1}, by=cast.manager)
    deals.invoice(client_of, "20.00", on=TODAY - timedelta(60), due=TODAY - timedelta(20))
    look = {"by": cast.manager, "today": TODAY}
    held = actions.recheck_order(held.pk, version=held.version, **look)
    assert (held.state, held.hold_reasons, held.version) == ("on_hold", ["limit", "overdue"], 3)
    release = {"by": cast.director, "version": held.version, "today": TODAY}
    with pytest.raises(RuleViolation) as refusal:
        actions.release_order(held.pk, reason=" ", **release)
    assert refusal.value.field == "reason"
    actions.release_order(held.pk, reason=" Ручаюсь ", **release)
    held.refresh_from_db()
    assert (held.state, held.released_by, held.release_reason) == (
        "confirmed", cast.director, "Ручаюсь",
    )  # fmt: skip
    told = Notice.objects.filter(kind="order.released", channel="ui").values_list("user", flat=True)
    assert list(told) == [cast.manager.pk]
    again = {"version": held.version, "today": TODAY}
    with pytest.raises(RuleViolation, match="состоянии"):
        actions.release_order(held.pk, by=cast.director, reason="Снова", **again)
    with pytest.raises(RuleViolation, match="состоянии"):
        actions.recheck_order(held.pk, by=cast.manager, **again)
    came = orders.draft(client_of, {tea: 1}, by=cast.manager)
    with pytest.raises(RuleViolation, match="состоянии"):  # a draft was not sent in
        actions.release_order(came.pk, by=cast.director, version=1, reason="Да", today=TODAY)
    with pytest.raises(RuleViolation, match="состоянии"):
        actions.recheck_order(came.pk, version=1, **look)
    Order.objects.filter(pk=came.pk).update(state="submitted")  # in a file, nobody sent it in
    actions.recheck_order(came.pk, version=1, **look)
    came.refresh_from_db()
    assert (came.state, came.submitted_at is not None) == ("on_hold", True)


def test_an_order_is_neither_empty_nor_endless_nor_too_dear(cast, client_of, tea, monkeypatch):
    def write(*lines, **more):
        goods = [Goods(tea, Decimal(quantity), Decimal(price)) for quantity, price in lines]
        head = OrderHead(client_of, **more)
        return actions.create_order(
            by=cast.manager, head=head, goods=goods, key=uuid4(), today=TODAY
        )

    monkeypatch.setattr(actions, "MOST_LINES", 1)
    monkeypatch.setattr(actions, "LARGEST_SUM", Decimal("2.00"))
    assert write((2, "1.00"), contract=deals.contract(client_of)).total == 2
    for wrong in ([], [(1, "1.00"), (1, "1.00")], [(2, "1.01")]):
        with pytest.raises(RuleViolation):
            write(*wrong)
    assert Order.objects.count() == 1
