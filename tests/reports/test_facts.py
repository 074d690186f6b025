"""Facts by client and manager, added up to every level (PLAN-1); counted twice, late, in part."""

from datetime import date
from decimal import Decimal

from django.db import connection, transaction
from django.db.models import Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clients.models import CategoryAssignment, ClientAssignment
from deals.actions.posting import reverse_shipment
from deals.models import Payment, ProductGroup, Shipment
from reports.actions import rollup
from reports.models import ClientMonth, FactMark, GroupMonth, KpiSnapshot
from tests.factories import clients, contacts, deals, facts
from tests.kernel.shared_files import shared_example

D = Decimal
OCTOBER, NOVEMBER = date(2026, 10, 1), date(2026, 11, 1)
TODAY = date(2026, 11, 28)


def figures(row):
    return {
        "fact_ship": str(row.ship),
        "fact_cash": str(row.cash),
        "fact_active": row.active,
        "done_contacts": row.contacts,
    }


def expected(given):
    names = ("fact_ship", "fact_cash", "fact_active", "done_contacts")
    return {name: given[name] for name in names}


def test_the_worked_example_is_counted_at_every_level(db):
    example = shared_example("PLAN-1")
    told, made = example["expected"], facts.october(example)
    rows = {row.client.code: row for row in ClientMonth.objects.select_related("client")}
    for code, client in told["by_client"].items():
        row = rows.get(code)
        if row is None:  # nothing happened with this client
            assert (client["fact_ship"], client["done_contacts"]) == ("0.00", 0)
            continue
        assert (str(row.ship), str(row.cash)) == (client["fact_ship"], client["fact_cash"])
        assert int(row.sales > 0) == client["fact_active"]
        assert row.contacts == client["done_contacts"]
        assert row.category == example["input"]["clients"][code]["category"]
    kept = KpiSnapshot.objects.of_month(OCTOBER)
    for code, person in made.managers.items():
        (row,) = kept.managers().filter(manager=person)
        assert figures(row) == expected(told["by_manager"][code])
        assert row.org_unit == person.org_unit
    for code, unit in made.sectors.items():
        assert figures(kept.units().get(org_unit=unit)) == expected(told["by_sector"][code])
    for row in (kept.units().get(org_unit=made.department), kept.company().get()):
        assert figures(row) == expected(told["department"])
    assert not FactMark.objects.exists()


def test_a_document_counts_for_who_answered_on_its_day(cast):
    client = clients.client(cast.manager, since=date(2026, 1, 12))
    deals.sale(client, "100.00", on=date(2026, 10, 9))
    ClientAssignment.objects.filter(client=client).update(valid_to=date(2026, 10, 10))
    ClientAssignment.objects.create(
        client=client, manager=cast.stranger, valid_from=date(2026, 10, 10)
    )
    deals.sale(client, "10.00", on=date(2026, 10, 10))
    deals.payment(client, "70.00", on=date(2026, 10, 12))
    back = {"direction": "out", "kind": "refund"}
    deals.payment(client, "20.00", on=date(2026, 10, 13), **back)
    deals.payment(client, "5.00", on=date(2026, 10, 13), kind="other")
    contacts.done(client, cast.manager2, "2026-10-31 23:30")  # by whom it was done does not matter
    contacts.done(client, cast.manager, "2026-10-31 23:40", code="no_answer")
    rollup.count_changes(today=TODAY)
    rows = ClientMonth.objects.order_by("-ship")
    assert [(r.manager, r.ship, r.cash, r.sales, r.contacts, r.org_unit) for r in rows] == [
        (cast.manager, D(100), D(0), 1, 0, cast.sector),
        (cast.stranger, D(10), D(50), 1, 1, cast.other_sector),
    ]
    units = KpiSnapshot.objects.of_month(OCTOBER).units()
    assert units.get(org_unit=cast.department).active == 1
    assert units.get(org_unit=cast.company).active == 1  # one client, though of two managers
    assert units.get(org_unit=cast.company).base == 1
    assert units.filter(org_unit=cast.sector).get().base == 0  # who has it at the end of the month
    assert units.get(org_unit=cast.other_sector).base == 1
    people = ("manager", "manager2", "sector_head", "stranger", "director", "marketer", "admin")
    seen = {name: set(ClientMonth.objects.visible_to(getattr(cast, name))) for name in people}
    of_first, of_second = rows
    assert seen["manager"] == seen["sector_head"] == {of_first}
    assert seen["stranger"] == {of_second}
    assert seen["director"] == {of_first, of_second}
    assert seen["manager2"] == seen["marketer"] == seen["admin"] == set()


def test_what_names_no_client_counts_for_the_company_alone(cast):
    deals.unassigned("300.00", on=date(2026, 10, 6))
    deals.payment(None, "40.00", on=date(2026, 10, 7))
    rollup.count_changes(today=TODAY)
    (row,) = ClientMonth.objects.all()
    assert (row.client, row.manager, row.org_unit, row.ship, row.cash) == (
        None, None, None, D(300), D(40))  # fmt: skip
    company = KpiSnapshot.objects.of_month(OCTOBER).company().get()
    assert (company.ship, company.cash, company.active) == (D(300), D(40), 0)
    assert not KpiSnapshot.objects.units().exists()


def snapshot():
    """Everything that is counted, in an order of its own."""
    months = ("month", "client", "manager", "org_unit", "category", "ship", "cash", "sales")
    levels = ("month", "level", "org_unit", "manager", "ship", "cash", "sales", "active")
    levels += ("contacts", "base", "base_a")
    parts = ("month", "client", "manager", "org_unit", "group", "ship")
    whole = dict(ClientMonth.objects.values_list("manager").annotate(Sum("ship")))
    summed = dict(GroupMonth.objects.values_list("manager").annotate(Sum("ship")))
    assert {who: ship for who, ship in whole.items() if ship} == {
        who: ship for who, ship in summed.items() if ship
    }
    return (
        sorted(map(str, GroupMonth.objects.values_list(*parts))),
        sorted(map(str, ClientMonth.objects.values_list(*months, "contacts"))),
        sorted(map(str, KpiSnapshot.objects.values_list(*levels))),
    )


STEP = st.tuples(
    st.sampled_from(["sale", "sale", "return", "reverse", "pay", "refund", "talk", "hand", "raise",
                     "move", "count", "unknown", "assign", "unpay", "regroup"]),
    st.integers(0, 2),
    st.integers(0, 1),
    st.integers(0, 74),
    st.integers(1, 900),
)  # fmt: skip


class Book:
    """Two managers, three clients, and whatever happens to them."""

    def __init__(self, cast):
        self.people = [cast.manager, cast.stranger]
        self.units = [cast.sector, cast.other_sector]
        self.clients = [clients.client(cast.manager, since=date(2026, 8, 1)) for _ in range(3)]
        self.boss = cast.accountant
        self.groups = [ProductGroup.objects.create(name=name) for name in ("Чай", "Кофе")]
        self.goods = [deals.product(group=group) for group in (*self.groups, None)]

    def do(self, step):
        name, client, person, day, amount = step
        on = date.fromordinal(date(2026, 9, 10).toordinal() + day)
        getattr(self, f"do_{name}")(self.clients[client], self.people[person], on, str(amount))

    def lines(self, amount, sign=1):
        """One of the goods, by the amount; two kopecks of the document are in no line."""
        product = self.goods[int(amount) % 3]
        value = sign * (D(amount) - D("0.02"))
        return [{"product": product, "quantity": 1, "price": abs(value), "amount": value}]

    def do_sale(self, client, _person, on, amount):
        deals.sale(client, amount, on=on, lines=self.lines(amount))

    def do_return(self, client, _person, on, amount):
        deals.returned(client, f"-{amount}", on=on, lines=self.lines(amount, -1))

    def do_regroup(self, _client, _person, _on, amount):
        product = self.goods[int(amount) % 3]
        product.group = [*self.groups, None][int(amount) % 2]
        product.save(update_fields=["group"])

    def do_reverse(self, client, _person, on, _amount):
        found = Shipment.objects.live().filter(client=client, kind="sale", posted_on__lte=on)
        if sale := found.order_by("pk").first():
            reverse_shipment(sale.pk, by=self.boss, on=on, reason="Ошибка учёта")

    def do_pay(self, client, _person, on, amount):
        deals.payment(client, amount, on=on)

    def do_refund(self, client, _person, on, amount):
        deals.payment(client, amount, on=on, direction="out", kind="refund")

    def do_unpay(self, client, *_rest):
        spare = Payment.objects.filter(client=client, direction="in", allocated_amount=0)
        spare.update(state="reversed")

    def do_unknown(self, _client, _person, on, amount):
        deals.unassigned(amount, on=on)

    def do_assign(self, client, *_rest):
        Shipment.objects.unassigned().update(client=client)

    def do_talk(self, client, person, on, _amount):
        contacts.done(client, person, f"{on} 23:30")

    def do_hand(self, client, person, on, _amount):
        held = ClientAssignment.objects.filter(client=client)
        held.filter(valid_from__gte=on).delete()
        held.exclude(valid_to__lte=on).update(valid_to=on)
        ClientAssignment.objects.create(client=client, manager=person, valid_from=on)

    def do_raise(self, client, _person, on, _amount):
        held = CategoryAssignment.objects.filter(client=client)
        held.filter(valid_from__gte=on).delete()
        held.filter(valid_to=None).update(valid_to=on, category="B")

    def do_move(self, _client, person, _on, amount):
        person.org_unit = self.units[int(amount) % 2]
        person.save(update_fields=["org_unit"])

    def do_count(self, *_rest):
        rollup.count_changes(today=TODAY)


def written_again():
    """Rows that a statement has touched since they were written."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM reports_clientmonth WHERE xmax::text <> '0'")
        return cursor.fetchone()[0]


def test_counting_twice_touches_no_row(cast):
    client = clients.client(cast.manager, since=date(2026, 1, 12))
    deals.sale(client, "100.00", on=date(2026, 10, 9))
    deals.sale(client, "10.00", on=date(2026, 4, 9))  # the half-years are counted one by one
    assert rollup.count_all(today=TODAY).changed
    assert rollup.count_all(today=TODAY).changed == 0
    assert written_again() == 0
    deals.sale(client, "1.00", on=date(2026, 4, 10))
    rollup.count_all(today=TODAY)
    assert sorted(ClientMonth.objects.values_list("ship", flat=True)) == [D(11), D(100)]


@given(steps=st.lists(STEP, max_size=14))
@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_counting_what_changed_gives_what_counting_all_gives(cast, steps):
    with transaction.atomic():
        book = Book(cast)
        for step in steps:
            book.do(step)
        rollup.count_changes(today=TODAY)
        hourly = snapshot()
        rollup.count_all(today=TODAY)
        assert snapshot() == hourly
        assert rollup.count_all(today=TODAY).changed == 0  # and the second time nothing
        transaction.set_rollback(True)
