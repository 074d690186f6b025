"""Price agreements with producers: what they bind us to, in offers and orders; who keeps them."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from crm.accounts.hooks import dismissal_refusals
from crm.approvals.actions import decide
from crm.approvals.models import Approval
from crm.errors import RuleViolation, StaleVersion
from crm.notices.models import Notice
from crm.work.periodic import run_due
from deals.actions import producers as actions
from deals.actions import proposals as offers
from deals.actions.order_moves import cancel_order
from deals.actions.orders import OrderHead, create_order, submit_order
from deals.actions.proposal_moves import accept_proposal, send_proposal
from deals.models import (
    Order,
    ProducerAgreementLine,
    ProducerPriceAgreement,
    ProductGroup,
    Proposal,
)
from deals.ordering.order_check import check_order
from deals.ordering.order_goods import Goods
from deals.pages.orders import OrderPage
from deals.pricing.producer_bounds import Bounds, contradictions
from deals.tasks.producers import agreement_expiry
from tests.factories import clients, deals, orders, producers, proposals
from tests.standing import standing

D = Decimal
DAY = timedelta(days=1)


def today():
    return timezone.localdate()


@standing
def client(cast):
    return clients.client(cast.manager, category="B", name="Ромашка")


@standing
def teas(db):
    """A group inside another one."""
    drinks = ProductGroup.objects.create(name="Напитки")
    return ProductGroup.objects.create(name="Чай", parent=drinks)


@standing
def tea(cast, teas):
    """100.00 by the list, not below 80.00."""
    made = deals.product(sku="ЧАЙ-01", name="Чай чёрный", unit="уп", group=teas)
    deals.price_list(cast.director, {made: "100.00"}, approved_by=cast.director)
    return made


def bound(cast, given, **more):
    return producers.agreement(cast.purchasing, given, **more)


def approved(approval, by):
    """By the person, as it stands now."""
    now = Approval.objects.get(pk=approval.pk)
    offer = Proposal.objects.get(pk=now.object_id)
    decide(
        now.pk,
        by=by,
        decision="approve",
        version=now.version,
        target_version=offer.version,
        today=today(),
        comment="Так надо",
    )
    offer.refresh_from_db()
    return offer


def floor_of(product, price="100.00", day=None):
    return Bounds([product], day or today()).floor(product, D(price), D("80.00"))


def test_the_highest_of_list_lowest_price_and_discount_binds(cast, tea):
    cup = deals.product()
    cases = (
        ({"lowest_price": "79"}, "80.00", False),
        ({"lowest_price": "80"}, "80.00", False),
        ({"lowest_price": "92.50"}, "92.50", True),
        ({"highest_discount": "5"}, "95.00", True),
        ({"recommended_price": "120", "highest_discount": "10"}, "108.00", True),
        ({"recommended_price": "120", "lowest_price": "91", "highest_discount": "25"}, "91", True),
        ({"recommended_price": "120"}, "80.00", False),
    )
    for values, expected, is_bound in cases:
        with transaction.atomic():
            made = bound(cast, {tea: values})
            found = floor_of(tea)
            assert (found.price, found.agreement) == (D(expected), made if is_bound else None)
            assert floor_of(cup).agreement is None
            transaction.set_rollback(True)


def test_the_nearest_line_of_an_agreement_counts_and_the_highest_of_several(cast, tea, teas):
    wide = bound(cast, {teas.parent: {"highest_discount": "2"}})
    assert floor_of(tea).price == D("98.00")
    actions.edit_agreement(
        wide.pk,
        by=cast.purchasing,
        version=1,
        head=producers.head(cast.purchasing, number=wide.number),
        lines=producers.lines(
            {teas.parent: {"highest_discount": "2"}, teas: {"highest_discount": "7"}}
        ),
    )
    assert floor_of(tea).price == D("93.00")
    own = {tea: {"lowest_price": "85"}, teas: {"highest_discount": "1"}}
    bound(cast, own)
    assert floor_of(tea).agreement == wide
    higher = bound(cast, {tea: {"lowest_price": "99"}})
    assert floor_of(tea).agreement == higher


def test_an_agreement_holds_by_its_days_and_until_it_is_taken_out(cast, tea):
    made = bound(
        cast, {tea: {"lowest_price": "95"}}, valid_from=today(), valid_to=today() + 5 * DAY
    )
    days = {shift: floor_of(tea, day=today() + shift * DAY).agreement for shift in (-1, 0, 5, 6)}
    assert days == {-1: None, 0: made, 5: made, 6: None}
    with pytest.raises(RuleViolation):
        actions.restore_agreement(made.pk, by=cast.purchasing, version=1)
    actions.archive_agreement(made.pk, by=cast.purchasing, version=1)
    assert floor_of(tea).agreement is None
    with pytest.raises(RuleViolation):
        actions.archive_agreement(made.pk, by=cast.purchasing, version=2)
    with pytest.raises(RuleViolation):
        actions.edit_agreement(
            made.pk,
            by=cast.purchasing,
            version=2,
            head=producers.head(cast.purchasing),
            lines=producers.lines({tea: {"lowest_price": "90"}}),
        )
    actions.restore_agreement(made.pk, by=cast.purchasing, version=2)
    assert floor_of(tea).agreement == made


def test_an_offer_below_an_agreement_names_it_and_goes_the_way_of_lowest_prices(cast, client, tea):
    """3 % below the bound: above the sector head's 2 %, within the department head's 5 %."""
    made = bound(cast, {tea: {"lowest_price": "97"}})
    offer = proposals.draft(client, {tea: ("10", "5.91")}, by=cast.manager)
    line = offer.lines.get()
    assert (line.lowest_price, line.agreement, line.deviates) == (D("97.00"), made, True)
    assert (line.net_price, line.below_by, offer.deviation) == (D("94.09"), D("2.91"), D("3.00"))
    how = {"by": cast.manager, "version": 1, "today": today()}
    with pytest.raises(RuleViolation):
        send_proposal(offer.pk, channel="email", on=today(), **how)
    approval = offers.submit_proposal(offer.pk, **how)
    with pytest.raises((PermissionDenied, Approval.DoesNotExist)):
        approved(approval, cast.sector_head)
    offer = approved(approval, cast.department_head)
    sent = send_proposal(
        offer.pk, by=cast.manager, version=offer.version, channel="email", on=today(), today=today()
    )
    order = accept_proposal(
        sent.pk, by=cast.manager, version=sent.version, on=today(), order=True, today=today()
    )
    deals.credit_limit(client, by=cast.director)
    done = submit_order(order.pk, by=cast.manager, version=1, today=today())
    assert done.state == "confirmed"


def test_an_offer_within_the_agreement_needs_nobody(cast, client, tea):
    bound(cast, {tea: {"lowest_price": "97"}})
    offer = proposals.draft(client, {tea: ("10", "3")}, by=cast.manager)
    assert (offer.deviation, offer.lines.get().deviates) == (0, False)
    assert proposals.sent(client, {tea: ("1", "3")}, by=cast.manager).state == "sent"


def test_an_agreement_made_after_the_approval_is_asked_about_again(cast, client, tea):
    offer = proposals.draft(client, {tea: ("10", "21")}, by=cast.manager)
    approval = offers.submit_proposal(offer.pk, by=cast.manager, version=1, today=today())
    offer = approved(approval, cast.sector_head)
    bound(cast, {tea: {"lowest_price": "90"}})
    how = {"by": cast.manager, "version": offer.version, "today": today()}
    with pytest.raises(RuleViolation):
        send_proposal(offer.pk, channel="email", on=today(), **how)
    assert Approval.objects.get().pk == approval.pk


@pytest.mark.parametrize(("discount", "price"), [("3", None), ("0", "40.00")])
def test_an_order_typed_here_below_an_agreement_is_refused_and_named(
    cast, client, tea, discount, price
):
    """Also goods that our list does not know, at a typed price."""
    goods = tea if price is None else deals.product()
    bound(cast, {goods: {"lowest_price": "98"}})
    line = {"goods": goods, "discount": discount, "price": price}
    with pytest.raises(RuleViolation) as refusal:
        _ordered(client, line, cast)
    assert "Чайная фабрика «Лист»" in str(refusal.value)
    assert not Order.objects.exists()


def _ordered(client, line, cast):
    price = line["price"] and D(line["price"])
    row = Goods(line["goods"], D(1), price, D(line["discount"]))
    head = OrderHead(client)
    return create_order(by=cast.manager, head=head, goods=[row], key=uuid4(), today=today())


def test_a_draft_is_checked_by_the_agreements_of_the_day_it_is_sent_in(cast, client, tea):
    order = _ordered(client, {"goods": tea, "discount": "3", "price": None}, cast)
    made = bound(cast, {tea: {"lowest_price": "98"}})
    with pytest.raises(RuleViolation):
        submit_order(order.pk, by=cast.manager, version=1, today=today())
    ((line, floor),) = OrderPage(order, cast.manager, today()).marked_lines
    assert (line.net_price, floor.price, floor.agreement) == (D("97.00"), D("98.00"), made)
    cancel_order(order.pk, by=cast.manager, version=1, reason="Нет")


def test_an_order_of_a_file_below_an_agreement_waits_and_says_so(cast, client, tea):
    """Nothing is wrong by the list: 97 of 100 is within the manager's 3 %."""
    deals.credit_limit(client, by=cast.director)
    order = orders.draft(client, {tea: 1}, by=cast.manager, on=today())
    Order.objects.filter(pk=order.pk).update(external_id="1с|7", state="submitted")
    order.lines.update(price=D("97.00"), net_price=D("97.00"), amount=D("97.00"))
    order.refresh_from_db()
    assert check_order(order, client, today()).reasons == []
    bound(cast, {tea: {"lowest_price": "98"}})
    check = check_order(order, client, today())
    assert check.reasons == ["price"]
    assert "Чайная фабрика «Лист»" in check.words()[0]
    assert not check.needs_director
    bound(cast, {tea: {"lowest_price": "110"}})
    assert check_order(order, client, today()).needs_director


def test_a_list_that_is_below_an_agreement_is_told_of(cast, tea):
    price_list = tea.prices.get().price_list
    bound(cast, {tea: {"recommended_price": "100"}})
    assert contradictions(price_list, today()) == []
    made = bound(cast, {tea: {"lowest_price": "101"}})
    ((line, floor),) = contradictions(price_list, today())
    assert (line.product, floor.agreement) == (tea, made)


def test_purchasing_and_marketing_keep_them_others_only_see(cast, tea):
    made = bound(cast, {tea: {"lowest_price": "95"}})
    mine = producers.head(cast.marketer, number=made.number)
    written = {"head": mine, "lines": producers.lines({tea: {"lowest_price": "96"}})}
    seen = {
        name: ProducerPriceAgreement.objects.visible_to(getattr(cast, name)).exists()
        for name in ("manager", "department_head", "director", "lawyer", "logistics", "admin")
    }
    assert seen == dict.fromkeys(seen, True) | {"logistics": False, "admin": False}
    for person in (cast.manager, cast.department_head, cast.director):
        with pytest.raises(PermissionDenied):
            actions.create_agreement(by=person, key=uuid4(), **written)
        with pytest.raises(PermissionDenied):
            actions.edit_agreement(made.pk, by=person, version=1, **written)
        with pytest.raises(PermissionDenied):
            actions.archive_agreement(made.pk, by=person, version=1)
    with pytest.raises(StaleVersion):
        actions.edit_agreement(made.pk, by=cast.marketer, version=2, **written)
    edited = actions.edit_agreement(made.pk, by=cast.marketer, version=1, **written)
    assert (edited.keeper, edited.version) == (cast.marketer, 2)
    actions.archive_agreement(made.pk, by=cast.marketer, version=2)
    assert not ProducerPriceAgreement.objects.visible_to(cast.manager).exists()
    assert ProducerPriceAgreement.objects.visible_to(cast.purchasing).exists()


def test_lines_that_stay_keep_their_history(cast, tea):
    cup = deals.product()
    made = bound(cast, {tea: {"lowest_price": "95"}, cup: {"lowest_price": "5"}})
    kept = made.lines.get(product=tea)
    head = producers.head(cast.purchasing, number=made.number)
    for version, price in enumerate(("95", "96"), start=1):
        actions.edit_agreement(
            made.pk,
            by=cast.purchasing,
            version=version,
            head=head,
            lines=producers.lines({tea: {"lowest_price": price}}),
        )
    assert made.lines.get() == kept
    assert [event.lowest_price for event in kept.events.order_by("pgh_id")] == [D(95), D(96)]


def test_what_makes_no_sense_is_refused_beside_its_field(cast, tea):
    made = bound(cast, {tea: {"lowest_price": "95"}}, number="7", valid_from=date(2026, 1, 1))
    fine = producers.lines({tea: {"lowest_price": "95"}})
    cases = (
        ({"number": "7"}, fine, "number"),
        ({"valid_to": date(2025, 12, 31)}, fine, "valid_to"),
        ({"keeper": cast.manager}, fine, "keeper"),
        ({}, [], None),
        ({}, fine * 2, "line-1-product"),
    )
    for more, rows, field in cases:
        head = producers.head(**{"keeper": cast.purchasing} | more)
        with pytest.raises(RuleViolation) as refusal:
            actions.create_agreement(by=cast.purchasing, head=head, lines=rows, key=uuid4())
        assert refusal.value.field == field
    key = uuid4()
    both = [
        actions.create_agreement(
            by=cast.purchasing, head=producers.head(cast.purchasing), lines=fine, key=key
        )
        for _twice in range(2)
    ]
    assert both[0] == both[1] != made


REFUSED = (
    ({"group": None, "product": None}, "agreement_line_of_product_or_group"),
    (
        {"group": "teas", "lowest_price": None, "highest_discount": 5},
        "agreement_line_of_product_or_group",
    ),
    ({"group": "teas", "product": None}, "agreement_line_of_group_has_discount_only"),
    ({"lowest_price": None}, "agreement_line_says_something"),
    ({"lowest_price": 0}, "agreement_line_prices_above_nothing"),
    ({"recommended_price": 94}, "agreement_line_lowest_below_recommended"),
    ({"highest_discount": 101}, "agreement_line_discount_of_hundred"),
)


@pytest.mark.parametrize(("wrong", "name"), REFUSED)
def test_the_database_refuses_lines_that_make_no_sense(cast, tea, teas, wrong, name):
    bound(cast, {tea: {"lowest_price": "95"}})
    values = {key: teas if value == "teas" else value for key, value in wrong.items()}
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        ProducerAgreementLine.objects.update(**values)


def test_the_database_refuses_a_second_line_a_number_twice_and_a_period_backwards(cast, tea, teas):
    made = bound(cast, {tea: {"lowest_price": "95"}, teas: {"highest_discount": "5"}}, number="7")
    other = bound(cast, {tea: {"lowest_price": "95"}})
    rows = ProducerPriceAgreement.objects.filter(pk=other.pk)
    for wrong, name in (
        ({"number": "7"}, "producer_agreement_number_once"),
        ({"valid_to": date(2025, 1, 1)}, "producer_agreement_period_in_order"),
    ):
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            rows.update(**wrong)
    for line, name in zip(
        made.lines.order_by("position"),
        ("agreement_product_once", "agreement_group_once"),
        strict=True,
    ):
        line.pk = None
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            line.save()


def test_the_keeper_is_reminded_once_a_step_and_when_it_is_over(cast, tea):
    made = bound(cast, {tea: {"lowest_price": "95"}}, valid_to=today() + 30 * DAY)
    bound(cast, {tea: {"lowest_price": "95"}})
    bound(cast, {tea: {"lowest_price": "95"}}, valid_to=today() - 62 * DAY)
    assert [agreement_expiry(today=today()) for _twice in range(2)] == [2, 0]
    told = Notice.objects.filter(user=cast.purchasing, channel="ui")
    assert [row.kind for row in told] == ["producer.ends"]
    assert agreement_expiry(today=today() + 1 * DAY) == 0
    assert agreement_expiry(today=today() + 24 * DAY) == 2
    assert agreement_expiry(today=today() + 30 * DAY) == 0
    assert agreement_expiry(today=today() + 33 * DAY) == 2
    assert told.order_by("pk").last().kind == "producer.over"
    assert agreement_expiry(today=today() - DAY) == 0
    assert made.get_absolute_url() == told.first().url
    assert run_due(timezone.now() + DAY, only="producer_agreement_expiry")


def test_nobody_leaves_who_keeps_an_agreement_in_force(cast, tea):
    made = bound(cast, {tea: {"lowest_price": "95"}}, valid_to=today())
    (refusal,) = dismissal_refusals(cast.purchasing)
    assert f"keeper={cast.purchasing.pk}" in refusal.url
    ProducerPriceAgreement.objects.filter(pk=made.pk).update(valid_to=today() - DAY)
    assert dismissal_refusals(cast.purchasing) == []
    bound(cast, {tea: {"lowest_price": "95"}}, valid_from=today() + DAY)
    assert dismissal_refusals(cast.purchasing)
