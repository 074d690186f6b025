"""Who changed which quantity and price of a line, from what to what, in the history of its record.

The events of lines are written by triggers; what is read here is the page of the history.
"""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone, translation

from crm.accounts.history_view import Rest, history_page
from crm.history import verb
from deals.actions.documents import Head, Line, create_document, edit_document
from deals.actions.orders import OrderHead, edit_order
from deals.actions.prices import Price, drop_price, set_prices
from deals.actions.proposals import ProposalHead, edit_proposal
from deals.models import OrderLine, PriceListLine, ShipmentKind
from deals.ordering.order_goods import Goods
from tests.cast import signed_in
from tests.factories import accounts, clients, deals, orders, proposals

D = Decimal
NB = "\u00a0"
TODAY = orders.TODAY


@pytest.fixture(autouse=True)
def in_russian():
    with translation.override("ru"):
        yield


@pytest.fixture
def client_of(cast):
    return clients.client(cast.manager, category="B")


@pytest.fixture
def coffee(db):
    return deals.product(name="Кофе")


def pieces(record, viewer, **more):
    """Lines of the newest entry: what happened, label, values."""
    entry = history_page(record, viewer=viewer, **more).entries[0]
    return [
        (
            piece.kind,
            piece.label,
            [(change.label, change.before, change.after) for change in piece.changes],
        )
        for piece in entry.pieces
        if piece.kind
    ]


def edited(order, rows, by):
    order.refresh_from_db()
    goods = [Goods(product, D(qty), D(price)) for product, qty, price in rows]
    return edit_order(
        order.pk,
        by=by,
        version=order.version,
        head=OrderHead(order.client),
        goods=goods,
        today=TODAY,
    )


def test_an_order_tells_what_of_which_line_was_changed(cast, client_of, tea, coffee):
    sugar = deals.product(name="Сахар")
    order = orders.draft(client_of, {tea: 10, coffee: 1, sugar: 3}, by=cast.manager)
    before = dict(order.lines.values_list("product", "pk"))
    edited(order, [(sugar, 3, "100.00"), (tea, 12, "95.00")], cast.manager)
    page = history_page(order, viewer=cast.manager)
    assert [entry.title for entry in page.entries] == ["Заказ изменён", "Заказ принят"]
    assert page.entries[0].by == cast.manager.short_name
    assert pieces(order, cast.manager) == [
        ("delete", "Строка «Кофе»", [
            ("количество", "1", "—"),
            ("цена", f"100,00{NB}₽", "—"),
            ("сумма", f"100,00{NB}₽", "—"),
        ]),
        ("update", "Строка «Чай чёрный»", [
            ("количество", "10", "12"),
            ("цена", f"100,00{NB}₽", f"95,00{NB}₽"),
            ("сумма", f"1{NB}000,00{NB}₽", f"1{NB}140,00{NB}₽"),
        ]),
    ]  # fmt: skip
    after = list(order.lines.order_by("position").values_list("product", "pk", "position"))
    assert after == [(sugar.pk, before[sugar.pk], 1), (tea.pk, before[tea.pk], 2)]


def test_an_unchanged_line_leaves_no_event_and_an_added_one_does(cast, client_of, tea, coffee):
    order = orders.draft(client_of, {tea: 10}, by=cast.manager)
    edited(order, [(tea, 10, "100.00")], cast.manager)
    assert pieces(order, cast.manager) == []
    edited(order, [(coffee, 2, "50.00"), (tea, 10, "100.00")], cast.manager)
    added = [("количество", None, "2"), ("цена", None, f"50,00{NB}₽")]
    assert pieces(order, cast.manager) == [
        ("insert", "Строка «Кофе»", [*added, ("сумма", None, f"100,00{NB}₽")])
    ]
    assert OrderLine.pgh_event_model.objects.filter(order=order).count() == 2


def test_of_two_lines_with_one_product_the_one_that_went_is_told(cast, client_of, tea):
    order = orders.draft(client_of, {tea: 10}, by=cast.manager)
    edited(order, [(tea, 10, "100.00"), (tea, 3, "90.00"), (tea, 7, "80.00")], cast.manager)
    edited(order, [(tea, 7, "80.00"), (tea, 10, "100.00")], cast.manager)
    kinds = [(kind, values[0]) for kind, _label, values in pieces(order, cast.manager)]
    assert kinds == [("delete", ("количество", "3", "—"))]
    assert list(order.lines.values_list("position", "quantity")) == [(1, D(7)), (2, D(10))]


def test_raw_sql_at_a_line_is_told_too(cast, client_of, tea):
    order = orders.draft(client_of, {tea: 10}, by=cast.manager)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE deals_orderline SET vat_amount = 1 WHERE order_id = %s", [order.pk])
        cursor.execute("UPDATE deals_orderline SET shipped_qty = 1 WHERE order_id = %s", [order.pk])
    *_before, told = pieces(order, cast.manager)  # of one transaction, so of one entry
    vat = ("в том числе НДС", f"180,33{NB}₽", f"1,00{NB}₽")
    assert told == ("update", "Строка «Чай чёрный»", [vat])
    assert OrderLine.pgh_event_model.objects.filter(order=order).count() == 2, "what is derived"


def test_whoever_stands_in_is_named_with_the_absent_one(cast, client_of, tea):
    deals.price_list(cast.director, {tea: "100.00"}, approved_by=cast.director)
    offer = proposals.draft(client_of, {tea: ("10", "0")}, by=cast.manager)
    today = timezone.localdate()
    accounts.delegation(cast.manager, cast.manager2, first=today, last=today)
    head = ProposalHead(client_of, offer.valid_to)
    rows = proposals.goods({tea: ("10", "5")})
    edit_proposal(offer.pk, by=cast.manager2, version=1, head=head, goods=rows, today=today)
    entry = history_page(offer, viewer=cast.manager).entries[0]
    assert (entry.by, entry.on_behalf_of) == (
        cast.manager2.short_name,
        cast.manager.short_name,
    )
    assert pieces(offer, cast.manager)[0][2][0] == ("скидка", f"0{NB}%", f"5{NB}%")


def test_a_document_of_sale_and_its_lines(cast, client_of, tea):
    head = Head(ShipmentKind.SALE, client_of, None, None, TODAY)
    lines = [Line(tea, "", D(2), D(50)), Line(None, "Доставка", D(1), D(500))]
    made = create_document(by=cast.accountant, head=head, lines=lines, key=uuid4())
    lines[1] = Line(None, "Доставка", D(1), D(700))
    edit_document(made.pk, by=cast.accountant, version=1, head=head, lines=lines)
    price = ("цена", f"500,00{NB}₽", f"700,00{NB}₽")
    assert pieces(made, cast.accountant) == [
        ("update", "Строка «Доставка»", [price, ("сумма", *price[1:])])
    ]


def test_prices_of_a_draft_are_told_by_product(cast, tea, coffee):
    made = deals.price_list(cast.director, {tea: "100.00"})
    same = Price(tea.pk, D(100), D(80))
    set_prices(made.pk, by=cast.director, version=1, prices=[same, Price(coffee.pk, D(9), D(9))])
    assert [row[:2] for row in pieces(made, cast.director)] == [("insert", "Строка «Кофе»")]
    set_prices(made.pk, by=cast.director, version=2, prices=[Price(tea.pk, D(95), D(80))])
    assert pieces(made, cast.director) == [
        ("update", "Строка «Чай чёрный»", [("цена", f"100,00{NB}₽", f"95,00{NB}₽")])
    ]
    drop_price(made.pk, by=cast.director, version=3, product_id=coffee.pk)
    assert [row[:2] for row in pieces(made, cast.director)] == [("delete", "Строка «Кофе»")]


@pytest.fixture
def long_list(committed_db):
    """Four hundred and fifty prices that came in one act, and one that was changed in the next."""
    director = accounts.user(role="director")
    made = deals.price_list(director, {deals.product(): "1.00"})
    goods = [deals.product() for _number in range(450)]
    prices = [Price(one.pk, D(10), D(10)) for one in goods]
    set_prices(made.pk, by=director, version=1, prices=prices)
    set_prices(made.pk, by=director, version=2, prices=[Price(goods[0].pk, D(11), D(10))])
    return made, director


def test_a_change_of_many_lines_is_shown_to_its_end_at_few_queries(
    long_list, django_assert_max_num_queries
):
    made, director = long_list
    with django_assert_max_num_queries(8):
        page = history_page(made, viewer=director)
    newest, filled = page.entries
    assert [(piece.kind, piece.changes[0].before) for piece in newest.pieces] == [
        ("update", f"10,00{NB}₽")
    ]
    seen = [piece.label for piece in filled.pieces]
    (rest,) = filled.rest
    assert len(seen) + rest.count == 450
    while rest:
        entry = history_page(made, viewer=director, rest=rest).entries[0]
        seen += [piece.label for piece in entry.pieces]
        rest = next(iter(entry.rest), None)
    assert len(set(seen)) == len(seen) == 450
    older = history_page(made, viewer=director, before=page.more)
    assert [piece.kind for entry in older.entries for piece in entry.pieces if piece.kind] == [
        "insert"
    ], "the action before the long one is not lost"


def test_a_made_up_rest_shows_nothing(long_list):
    made, director = long_list
    for part in (0, 1, 7):
        rest = Rest(part, timezone.now() - timedelta(days=1), 5)
        assert history_page(made, viewer=director, rest=rest).entries == []


def test_the_button_of_the_rest_answers_and_rubbish_shows_the_first_page_or_nothing(cast, tea):
    made = deals.price_list(cast.director, {tea: "100.00"})
    address, browser = reverse("deals:price_list_history", args=[made.pk]), signed_in(cast.director)
    event = PriceListLine.pgh_event_model.objects.get(price_list=made)
    asked = {"at": event.pgh_created_at.isoformat(), "part": 1, "below": event.pgh_id + 1}
    (entry,) = browser.get(address, asked).context["history"].entries
    assert [piece.label for piece in entry.pieces] == ["Строка «Чай чёрный»"]
    for change, entries in (({"below": "9" * 15}, 1), ({"part": "9" * 15}, 0), ({"at": "x"}, 1)):
        answer = browser.get(address, {**asked, **change})
        assert (answer.status_code, len(answer.context["history"].entries)) == (200, entries)


def test_bulk_writes_and_their_undoing_leave_events(cast, tea):
    made = deals.price_list(cast.director, {tea: "100.00"})
    with verb("price_list.filled", by=cast.director):
        PriceListLine.objects.filter(price_list=made).update(price=D(99))
        line = made.lines.get()
        line.price = D(98)
        PriceListLine.objects.bulk_update([line], ["price"])
        made.lines.all().delete()
    labels = PriceListLine.pgh_event_model.objects.filter(price_list=made).order_by("pgh_id")
    assert [event.pgh_label for event in labels] == ["insert", "update", "update", "delete"]


def test_a_shipment_made_of_an_order_is_one_entry(cast, client_of, tea):
    order = orders.placed(client_of, {tea: 3}, by=cast.manager)
    signed_in(cast.accountant).post(reverse("deals:order_ship", args=[order.pk]))
    made = order.shipments.get()
    (entry,) = history_page(made, viewer=cast.accountant).entries
    assert entry.title == "Документ добавлен"
    changes = {change.label: change.after for piece in entry.pieces for change in piece.changes}
    assert changes["Заказ"] == str(order)
