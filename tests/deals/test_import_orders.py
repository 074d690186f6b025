"""Orders of CommerceML: kept with their goods, checked like any other, never guessed."""

import json
from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from crm.errors import RuleViolation
from crm.imports import registry
from crm.imports.actions import import_file
from crm.imports.models import ImportJob
from crm.imports.reading import Limits
from crm.imports.undo import take_back
from deals.actions.orders import recheck_orders, release_order
from deals.importers.commerceml.reading import read_content
from deals.models import Order, Product
from tests.cast import signed_in
from tests.deals import commerceml as cml
from tests.factories import clients, deals
from tests.kernel.shared_files import shared_file

D = Decimal
FILES = (
    "dobromyslov_bitrix_orders_205_cp1251.xml",
    "irpsv_1cdoc_orders_203.xml",
    "irpsv_bitrix_documents_31_b2b_REDACTED.xml",
)


@pytest.fixture
def load(cast):
    """Import a file as the accountant, adding buyers who are not here yet."""

    def run(content):
        done = import_file(
            "commerceml",
            by=cast.accountant,
            file_name="orders.xml",
            content=content,
            columns={},
            options={"create_clients": True},
            now=timezone.now(),
            dry=False,
        )
        return done.summary

    return run


@pytest.fixture
def buyer(cast):
    client = clients.client(cast.manager, name="АНТ-Консалт")
    clients.counterparty(client, inn=cml.INN, kpp=cml.KPP)
    return client


def order_of(*lines, amount, **more):
    return cml.file(cml.document(cml.ORDER, "7", amount, lines="".join(lines), **more))


def know_everything(content, manager):
    """A catalogue with everything that the file orders, and the buyers that it does not name."""
    found = read_content(content, Limits())
    ids = {line.id for paper in found.papers for line in paper.lines}
    for name in sorted(ids - {""}):
        deals.product(external_id=name)
    for side in found.sides.values():
        if not (side.name or side.full_name or side.inn):
            clients.client(manager, external_id=side.id)


def test_an_order_of_known_goods_waits_for_the_check_and_is_checked(load, buyer):
    tea = deals.product(external_id="p1")
    content = order_of(cml.line("244.00", quantity="2", price="122"), amount="244.00")
    assert load(content).facts["new"] == 1
    order = Order.objects.get()
    assert (order.client, order.number, order.state) == (buyer, "7", "submitted")
    assert (order.total, order.vat_amount) == (D("244.00"), D("44.00"))
    line = order.lines.get()
    assert (line.product, line.quantity, line.net_price) == (tea, 2, D("122.00"))
    assert recheck_orders(today=order.dated_on) == 1
    order.refresh_from_db()
    assert order.state == "confirmed"
    assert load(content).facts["duplicates"] == 1
    assert Order.objects.count() == 1


def test_a_file_gives_no_discount_that_its_manager_may_not_give(load, cast, buyer):
    tea, day = deals.product(external_id="p1"), date(2026, 11, 10)
    deals.price_list(cast.director, {tea: "100.00"}, approved_by=cast.director)
    for number, price in (("1", "97"), ("2", "96.99"), ("3", "79"), ("4", "60")):
        line = cml.line(f"{price}", quantity="1", price=price)
        load(cml.file(cml.document(cml.ORDER, number, price, lines=line)))
    recheck_orders(today=day)
    held = dict(Order.objects.filter(state="on_hold").values_list("number", "hold_reasons"))
    assert held == {"2": ["price"], "3": ["price"], "4": ["price"]}
    assert Order.objects.get(number="1").state == "confirmed"
    browser = signed_in(cast.manager)
    register = browser.get(reverse("deals:order_list"), {"hold": "price"}).text
    assert register.count("Цена ниже разрешённой") >= 3
    page = browser.get(Order.objects.get(number="3").get_absolute_url()).text.replace("\xa0", " ")
    assert "на 21,00 % ниже прайс-листа" in page
    assert "до 3,00 %" in page
    release = {"reason": "Так договорились", "version": 2, "today": day}
    for number, refused in (("3", True), ("4", True), ("2", False)):
        order = Order.objects.get(number=number)
        if refused:
            with pytest.raises(RuleViolation, match="директор"):
                release_order(order.pk, by=cast.department_head, **release)
        else:
            release_order(order.pk, by=cast.department_head, **release)
    assert release_order(Order.objects.get(number="4").pk, by=cast.director, **release)
    first = Order.objects.get(number="3").dated_on
    more = {"state": "approved", "valid_from": first, "valid_to": first}
    deals.terms_request(buyer, cast.director, "21", **more)
    recheck_orders(today=day)
    assert Order.objects.get(number="3").hold_reasons == ["price"]  # below the lowest still
    deals.raise_lowest(tea, "79")
    recheck_orders(today=day)
    assert Order.objects.get(number="3").state == "confirmed"


def test_goods_of_the_catalogue_in_the_same_file_are_known(load, buyer):
    goods = "<Товар><Ид>p1</Ид><Артикул>Ч-1</Артикул><Наименование>Чай</Наименование></Товар>"
    paper = cml.document(cml.ORDER, "7", "100.00", lines=cml.line("100.00"))
    load(cml.file(cml.catalogue(goods), paper))
    assert Order.objects.get().lines.get().product.sku == "Ч-1"


def test_an_order_of_unknown_goods_is_refused_by_their_names(load, buyer):
    deals.product(external_id="p2", name="Чай")  # the same name is not the same goods
    summary = load(order_of(cml.line("100.00"), amount="100.00"))
    assert [remark.reason for remark in summary.remarks if "«Чай»" in remark.reason]
    assert not Order.objects.exists()


def test_an_import_of_orders_is_taken_back_until_one_was_checked(load, buyer):
    deals.product(external_id="p1")
    load(order_of(cml.line("100.00"), amount="100.00"))
    take_back(registry.get("commerceml"), ImportJob.objects.get())
    assert not Order.objects.exists()
    load(order_of(cml.line("100.00"), amount="100.00"))
    recheck_orders(today=date(2026, 11, 23))
    with pytest.raises(RuleViolation):
        take_back(registry.get("commerceml"), ImportJob.objects.latest("pk"))


@pytest.mark.parametrize("name", FILES)
def test_orders_of_the_customer_are_kept_with_their_sums(load, cast, name):
    content = shared_file(f"data/commerceml/{name}").read_bytes()
    facts = json.loads(shared_file("data/facts.json").read_text(encoding="utf-8"))["commerceml"]
    expected = facts[f"shared/commerceml/{name}"]["documents"]
    know_everything(content, cast.manager)
    summary = load(content)
    kept = {(o.number, f"{o.dated_on}", f"{o.total}") for o in Order.objects.all()}
    papers = read_content(content, Limits()).papers
    wanted = {
        (paper.number, f"{paper.day}", f"{paper.amount:.2f}")
        for paper in papers
        if paper.lines and paper.posted and not paper.deleted
    }
    assert kept == wanted <= {tuple(row) for row in expected}
    assert load(content).facts["new"] == 0
    assert (summary.facts["orders"], Product.objects.exists()) == (len(papers), True)
