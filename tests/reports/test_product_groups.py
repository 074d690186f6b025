"""Shipments by product group: the groups add up to the month, whatever the lines say."""

from datetime import date
from decimal import Decimal

from django.db.models import Sum
from django.urls import reverse

from clients.models import ClientAssignment
from deals.actions.posting import reverse_shipment
from deals.models import Product, ProductGroup
from reports.actions import closing, rollup
from reports.models import ClientMonth, GroupMonth, ProductMark
from tests.cast import signed_in
from tests.factories import clients, deals

D = Decimal
OCTOBER, TODAY = date(2026, 10, 1), date(2026, 11, 28)


def goods(group=None):
    return deals.product(group=group)


def line(product, amount):
    return {"product": product, "name": "Товар", "quantity": D(1), "price": abs(D(amount)),
            "amount": D(amount)}  # fmt: skip


def by_group(**where):
    rows = GroupMonth.objects.filter(**where).values_list("group__name").order_by("group__name")
    return dict(rows.annotate(sum=Sum("ship")))


def of_page(person, **query):
    asked = {"month": "2026-10", "by": "group", **query}
    page = signed_in(person).get(reverse("reports:plan_fact"), asked).context["page"]
    return {one.name: one.measure.fact for one in page.lines}, page.total.measure.fact


def market(cast):
    """Tea and coffee, goods without a group, lines without goods, a document without lines."""
    tea, coffee = (ProductGroup.objects.create(name=name) for name in ("Чай", "Кофе"))
    green, black, bare = goods(tea), goods(coffee), goods()
    client = clients.client(cast.manager, since=date(2026, 8, 1))
    sold = [line(green, "60.00"), line(black, "30.00"), line(bare, "5.00"), line(None, "4.00")]
    deals.sale(client, "100.00", on=date(2026, 10, 5), lines=sold)  # a rouble more than its lines
    deals.returned(client, "-20.00", on=date(2026, 10, 9), lines=[line(green, "-20.00")])
    deals.sale(client, "11.00", on=date(2026, 10, 12))
    return tea, green, client


def test_groups_add_up_to_the_total_whatever_the_lines_say(cast):
    _tea, green, client = market(cast)
    deals.unassigned("7.00", on=date(2026, 10, 6))
    ClientAssignment.objects.filter(client=client).update(valid_to=date(2026, 10, 20))
    ClientAssignment.objects.create(
        client=client, manager=cast.stranger, valid_from=date(2026, 10, 20)
    )
    late = deals.sale(client, "8.00", on=date(2026, 10, 21), lines=[line(green, "8.00")])
    reverse_shipment(late.pk, by=cast.accountant, on=date(2026, 10, 30), reason="Ошибка учёта")
    deals.sale(client, "9.00", on=date(2026, 10, 22), lines=[line(green, "9.00")])
    rollup.count_changes(today=TODAY)
    assert by_group(manager=cast.manager) == {"Кофе": D(30), "Чай": D(40), None: D(21)}
    assert by_group(manager=cast.stranger) == {"Чай": D(9)}  # the mirror took back the lines too
    rows = dict(
        GroupMonth.objects.values_list("client", "manager")
        .values_list("manager")
        .annotate(Sum("ship"))
    )
    months = dict(ClientMonth.objects.values_list("manager").annotate(Sum("ship")))
    assert rows == months
    shown, total = of_page(cast.director)
    assert shown == {"Чай": D(49), "Кофе": D(30), "Без группы": D(28)}
    assert sum(shown.values()) == total == D(107)
    for cut in ("category", "territory", "channel"):
        parts, same = of_page(cast.director, by=cut)
        assert sum(parts.values()) == same == total
    assert of_page(cast.manager) == ({"Чай": D(40), "Кофе": D(30), "Без группы": D(21)}, D(91))
    assert of_page(cast.stranger)[0] == {"Чай": D(9)}
    url = reverse("reports:report", args=["plan_fact"])
    page = signed_in(cast.director).get(url, {"month": "2026-10", "by": "group"}).context["page"]
    assert {one["name"]: one["ship"] for one in page.result.rows} == shown
    http = signed_in(cast.director)
    bad = http.get(reverse("reports:plan_fact"), {"by": "group", "metric": "cash"})
    assert bad.status_code == 400


def test_another_group_of_a_product_moves_its_months(cast):
    _tea, green, _client = market(cast)
    rollup.count_changes(today=TODAY)
    Product.objects.filter(pk=green.pk).update(group=None)
    Product.objects.filter(pk=green.pk).update(name="Зелёный чай")  # no mark for a name
    assert ProductMark.objects.count() == 1
    rollup.count_changes(today=TODAY)
    assert by_group() == {"Кофе": D(30), None: D(61)}
    assert not ProductMark.objects.exists()
    assert rollup.count_all(today=TODAY).changed == 0


def test_a_closed_month_keeps_its_groups(cast):
    _tea, green, client = market(cast)
    closing.close_month(OCTOBER, by=cast.director, today=TODAY)
    deals.sale(client, "5.00", on=date(2026, 10, 30), lines=[line(green, "5.00")])
    other = ProductGroup.objects.create(name="Вода")
    deals.sale(client, "3.00", on=date(2026, 10, 30), lines=[line(goods(other), "3.00")])
    rollup.count_changes(today=TODAY)
    rows = GroupMonth.objects.values_list("group__name", "ship", "final_ship")
    assert set(rows) == {
        ("Чай", D(45), D(40)), ("Кофе", D(30), D(30)), ("Вода", D(3), D(0)), (None, D(21), D(21)),
    }  # fmt: skip
    asked = {"month": "2026-10", "by": "group"}
    page = signed_in(cast.director).get(reverse("reports:plan_fact"), asked).context["page"]
    changed = {one.name for one in page.lines if one.measure.has_changed}
    assert changed == {"Чай", "Вода"}
