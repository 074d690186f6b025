"""Documents typed by hand: drafts with lines and VAT, posting, reversal, rights, pages."""

from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from clients.models import Client
from crm.errors import RuleViolation, StaleVersion
from deals.actions.documents import (
    Head,
    Line,
    cancel_invoice,
    create_document,
    create_prepayment,
    edit_document,
)
from deals.actions.posting import _check_move, cancel_draft, post_shipment, reverse_shipment
from deals.lists.documents import INVOICES, SHIPMENTS
from deals.models import SHIPMENT_MOVES, Invoice, Shipment, ShipmentKind, ShipmentState
from tests.cast import PEOPLE, fresh, signed_in
from tests.factories import accounts, clients, deals
from tests.factories.spreading import allocate_payment

D = Decimal
HTMX = {"HX-Request": "true"}
DAY = date(2026, 10, 5)


@pytest.fixture
def client_of(cast):
    return clients.client(cast.manager, category="B")


@pytest.fixture
def enter(cast, client_of):
    """Enter a document as the accountant."""

    def make(lines=None, *, key=None, **head):
        values = {
            "kind": ShipmentKind.SALE,
            "client": client_of,
            "contract": None,
            "original": None,
            "dated_on": DAY,
        }
        rows = lines or [Line(None, "Чай чёрный", D("2"), D("610.00"))]
        made = Head(**{**values, **head})
        return create_document(by=cast.accountant, head=made, lines=rows, key=key or uuid4())

    return make


def test_a_typed_document_counts_its_lines_and_the_vat_of_its_day(enter):
    made = enter([Line(None, "Чай", D("1.5"), D("100.03")), Line(None, "Кофе", D(1), D("10.05"))])
    assert made.amount == D("160.10")  # 150.045 is rounded half up
    assert [line.vat_amount for line in made.lines.all()] == [D("27.06"), D("1.81")]
    assert made.vat_amount == D("28.87")
    assert made.number.startswith("РТ-2026-")


def test_a_return_keeps_the_vat_of_its_sale(cast, enter, client_of):
    sale = enter(dated_on=date(2025, 12, 15))
    post_shipment(sale.pk, by=cast.accountant, on=date(2025, 12, 15))
    back = enter(kind=ShipmentKind.RETURN, original=sale, dated_on=date(2026, 1, 20))
    assert back.amount == D("-1220.00")
    assert back.lines.get().vat_percent == 20


def test_one_render_of_the_form_makes_one_document(enter):
    key = uuid4()
    assert enter(key=key) == enter(key=key)
    assert Shipment.objects.count() == 1


@pytest.mark.parametrize(
    "lines", [[], [Line(None, "Чай", D(1), D(1))] * 201], ids=["none", "too many"]
)
def test_a_document_has_some_lines(cast, client_of, lines):
    head = Head(ShipmentKind.SALE, client_of, None, None, DAY)
    with pytest.raises(RuleViolation):
        create_document(by=cast.accountant, head=head, lines=lines, key=uuid4())
    assert not Shipment.objects.exists()


def test_a_stale_page_changes_nothing(cast, enter):
    made = enter()
    head = Head(ShipmentKind.SALE, made.client, None, None, DAY)
    edit_document(
        made.pk, by=cast.accountant, version=1, head=head, lines=[Line(None, "Кофе", D(1), D(5))]
    )
    with pytest.raises(StaleVersion):
        edit_document(
            made.pk, by=cast.accountant, version=1, head=head, lines=[Line(None, "X", D(1), D(1))]
        )
    with pytest.raises(StaleVersion):
        post_shipment(made.pk, by=cast.accountant, on=DAY, version=1)
    assert made.lines.get().name == "Кофе"


def test_a_posted_document_is_no_draft_any_more(cast, enter):
    made = enter()
    post_shipment(made.pk, by=cast.accountant, on=DAY)
    made.refresh_from_db()
    head = Head(ShipmentKind.SALE, made.client, None, None, DAY)
    with pytest.raises(RuleViolation):
        edit_document(
            made.pk,
            by=cast.accountant,
            version=made.version,
            head=head,
            lines=[Line(None, "X", D(1), D(1))],
        )


@pytest.mark.parametrize("role", ["manager", "department_head", "director", "lawyer"])
def test_only_the_accounting_enters_posts_and_reverses(cast, enter, role):
    made, person = enter(), getattr(cast, role)
    with pytest.raises(PermissionDenied):
        post_shipment(made.pk, by=person, on=DAY)
    post_shipment(made.pk, by=cast.accountant, on=DAY)
    with pytest.raises(PermissionDenied):
        reverse_shipment(made.pk, by=person, on=DAY, reason="Ошибка")
    head = Head(ShipmentKind.SALE, made.client, None, None, DAY)
    with pytest.raises(PermissionDenied):
        create_document(by=person, head=head, lines=[Line(None, "X", D(1), D(1))], key=uuid4())


def test_a_draft_is_thrown_away_for_good(cast, enter):
    made = enter()
    for role in ("manager", "department_head", "director"):
        with pytest.raises(PermissionDenied):
            cancel_draft(made.pk, by=getattr(cast, role), version=1)
    with pytest.raises(StaleVersion):
        cancel_draft(made.pk, by=cast.accountant, version=7)
    cancel_draft(made.pk, by=cast.accountant, version=1)
    assert not Shipment.objects.counted().exists()
    with pytest.raises(RuleViolation):
        post_shipment(made.pk, by=cast.accountant, on=DAY)
    with pytest.raises(RuleViolation):
        edit_document(
            made.pk, by=cast.accountant, version=2,
            head=Head(ShipmentKind.SALE, made.client, None, None, DAY),
            lines=[Line(None, "X", D(1), D(1))],
        )  # fmt: skip
    assert enter().number != made.number, "the number stays taken"
    sold = deals.sale(made.client)
    with pytest.raises(RuleViolation):
        cancel_draft(sold.pk, by=cast.accountant, version=sold.version)


@pytest.mark.parametrize(
    ("before", "after"),
    [(b, a) for b in ShipmentState for a in ShipmentState if a not in SHIPMENT_MOVES[b]],
)
def test_no_move_outside_the_map(before, after):
    with pytest.raises(RuleViolation):
        _check_move(Shipment(state=before), after)


def test_the_database_keeps_a_thrown_away_draft_out_of_the_books(cast, enter):
    made = enter()
    cancel_draft(made.pk, by=cast.accountant, version=1)
    rows = Shipment.objects.filter(pk=made.pk)
    for values in ({"state": "draft"}, {"state": "posted", "posted_on": DAY}, {"amount": 1}):
        with pytest.raises(IntegrityError, match="posted document"), transaction.atomic():
            rows.update(**values)
    posted = deals.sale(made.client)
    with pytest.raises(IntegrityError, match="posted document"), transaction.atomic():
        Shipment.objects.filter(pk=posted.pk).update(state="cancelled", posted_on=None)


def test_a_draft_is_thrown_away_on_its_page(cast, enter):
    made = enter()
    browser = signed_in(cast.accountant)
    address = reverse("deals:shipment_cancel", args=[made.pk])
    assert address in browser.get(made.get_absolute_url()).content.decode()
    answer = browser.post(address, {"version": "1"}, headers={"HX-Request": "true"})
    assert answer.status_code == 204
    register = reverse("deals:shipment_list")
    assert made.number not in browser.get(register).content.decode()
    assert made.number in browser.get(register, {"state": "cancelled"}).content.decode()
    assert address not in browser.get(made.get_absolute_url()).content.decode()


def test_an_invoice_that_is_paid_is_not_cancelled(cast, client_of):
    bill = deals.invoice(client_of, "100.00", on=DAY, due=DAY)
    money = deals.payment(client_of, "40.00")
    allocate_payment(money.pk, by=cast.accountant)
    bill.refresh_from_db()
    assert bill.paid_amount == D(40)
    with pytest.raises(RuleViolation):
        cancel_invoice(bill.pk, by=cast.accountant, version=bill.version, on=DAY, reason="Зря")


def test_an_advance_is_no_debt_and_is_cancelled_while_nothing_pays_it(cast, client_of):
    bill = create_prepayment(
        by=cast.accountant,
        client=client_of,
        contract=None,
        amount=D("122.00"),
        due_on=DAY,
        today=DAY,
        key=uuid4(),
    )
    assert (bill.kind, bill.vat_amount) == ("prepay", D("22.00"))
    assert not Invoice.objects.unpaid().exists()
    cancel_invoice(bill.pk, by=cast.accountant, version=1, on=DAY, reason="Передумали")
    assert Invoice.objects.get().state == "cancelled"


def test_the_invoice_of_a_shipment_is_not_cancelled(cast, client_of):
    bill = deals.sale(client_of).invoice
    with pytest.raises(RuleViolation):
        cancel_invoice(bill.pk, by=cast.accountant, version=1, on=DAY, reason="Зря")


def test_an_old_page_never_does_the_opposite_of_its_button(client, cast, client_of):
    bill = deals.invoice(client_of, "100.00", on=DAY, due=DAY)
    client.force_login(cast.accountant)
    page = client.get(bill.get_absolute_url()).content.decode()
    url = f"{reverse('deals:invoice_dispute', args=[bill.pk])}?disputed=1"
    assert f'hx-get="{url}"' in page
    assert f'action="{url}"' in client.get(url, headers=HTMX).content.decode()
    client.post(url, {"version": bill.version, "reason": "Недовоз"}, headers=HTMX)
    bill.refresh_from_db()
    assert bill.is_disputed
    assert "dialog-close" in client.get(url, headers=HTMX).headers["HX-Trigger"]
    again = client.post(url, {"version": bill.version, "reason": "Недовоз"}, headers=HTMX)
    assert again.status_code == 422
    assert f"{url.removesuffix('1')}0" in client.get(bill.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    ("person", "sees"),
    [
        ("manager", True),
        ("manager2", False),
        ("sector_head", True),
        ("department_head", True),
        ("director", True),
        ("accountant", True),
        ("lawyer", True),
        ("marketer", False),
        ("logistics", False),
        ("admin", False),
        ("stranger", False),
    ],
)
def test_who_sees_a_document_and_its_invoice(cast, client_of, person, sees):
    sale, user = deals.sale(client_of), getattr(cast, person)
    assert Shipment.objects.visible_to(user).filter(pk=sale.pk).exists() is sees
    assert Invoice.objects.visible_to(user).filter(shipment=sale).exists() is sees


def test_sums_are_of_the_very_rows_that_are_seen(cast):
    own = clients.client(cast.manager, category="A")
    moved = clients.client(cast.sector_head, category="B")
    Client.objects.filter(pk=moved.pk).update(org_unit=cast.other_sector)  # the head's, elsewhere
    away = clients.client(cast.stranger, category="C")
    homeless = clients.client(cast.department_head)
    Client.objects.filter(pk=homeless.pk).update(org_unit=None)
    for client in (own, moved, away, homeless):
        deals.sale(client)
    accounts.delegation(cast.department_head, cast.manager2, first="2020-01-01", last="2099-01-01")
    seen = {}
    for name in PEOPLE:
        person = fresh(getattr(cast, name))
        seen[name] = set(Invoice.objects.visible_to(person).values_list("client", flat=True))
        summed = Invoice.objects.in_sums_of(person).values_list("client", flat=True)
        assert sorted(summed) == sorted(seen[name]), name
    assert seen["sector_head"] == {own.pk, moved.pk}
    assert seen["department_head"] == seen["manager2"] == {own.pk, homeless.pk}
    foot = signed_in(cast.sector_head).get(reverse("deals:invoice_list"), {"open": "true"})
    summary = foot.context["list"].summary
    assert (summary.count, summary.sums["amount"]) == (2, Decimal("2000.00"))


def test_a_document_without_a_client_is_seen_by_those_who_see_all(cast):
    deals.unassigned()
    seen = {
        name
        for name in ("manager", "department_head", "director", "accountant")
        if Shipment.objects.visible_to(getattr(cast, name)).exists()
    }
    assert seen == {"director", "accountant"}


def test_a_wrong_form_keeps_what_was_typed_and_writes_nothing(client, cast, client_of):
    client.force_login(cast.accountant)
    url = reverse("deals:shipment_create")
    typed = {
        "kind": "sale",
        "client": client_of.code,
        "dated_on": "31.02.2026",
        "line-0-name": "Чай зелёный",
        "line-0-quantity": "две",
        "line-0-price": "12,345",
    }
    answer = client.post(url, {"lines": "1", **typed})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "Чай зелёный" in text
    assert text.count("is-invalid") >= 3
    assert not Shipment.objects.exists()


def test_lines_are_added_and_removed_without_losing_anything(client, cast, client_of):
    client.force_login(cast.accountant)
    url = reverse("deals:shipment_create")
    typed = {"kind": "sale", "client": client_of.code, "line-0-name": "Чай"}
    answer = client.post(url, {"lines": "1", "command": "add", **typed})
    assert answer.status_code == 200
    assert 'name="lines" value="2"' in answer.content.decode()
    answer = client.post(url, {"lines": "2", "command": "remove-0", **typed, "line-1-name": "Кофе"})
    text = answer.content.decode()
    assert "Кофе" in text
    assert "Чай" not in text


def test_two_tabs_of_a_draft_are_compared_and_then_saved(client, cast, client_of):
    client.force_login(cast.accountant)
    made = deals.draft(client_of)
    url = reverse("deals:shipment_edit", args=[made.pk])
    line = {"lines": "1", "line-0-name": "Чай", "line-0-quantity": "1", "line-0-price": "100"}
    typed = {"kind": "sale", "dated_on": "05.10.2026", "client": client_of.code, **line}
    moved = client.post(url, {**typed, "version": "1", "note": "первая"}, headers=HTMX)
    assert moved.headers["HX-Redirect"] == made.get_absolute_url(), "the form is not on that page"
    stale = client.post(url, {**typed, "version": "1", "note": "вторая"})
    text = stale.content.decode()
    assert stale.status_code == 409
    assert "stale-table" in text
    assert "первая" in text
    assert 'name="version" value="2"' in text
    assert client.post(url, {**typed, "version": "2", "note": "вторая"}).status_code == 302


def test_the_way_of_a_document_through_its_pages(client, cast, client_of):
    client.force_login(cast.accountant)
    head = {"key": str(uuid4()), "kind": "sale", "dated_on": "05.10.2026", "lines": "1"}
    line = {"line-0-name": "Чай", "line-0-quantity": "3", "line-0-price": "100"}
    url = reverse("deals:shipment_create")
    answer = client.post(url, {**head, **line, "client": client_of.code})
    made = Shipment.objects.get()
    assert answer.headers["Location"] == made.get_absolute_url()
    post = reverse("deals:shipment_post", args=[made.pk])
    assert client.post(post, {"version": "1", "on": "05.10.2026"}).status_code == 302
    assert client.post(post, {"version": "1", "on": "05.10.2026"}).status_code == 409
    back = reverse("deals:shipment_reverse", args=[made.pk])
    wrong = client.post(back, {"version": "2", "on": "01.10.2026", "reason": "Ошибка"})
    assert wrong.status_code == 422
    assert client.post(back, {"version": "2", "on": "06.10.2026", "reason": "Ошибка"})
    made.refresh_from_db()
    assert made.state == "reversed"
    for name in ("shipment_detail", "shipment_history"):
        assert client.get(reverse(f"deals:{name}", args=[made.pk])).status_code == 200


def test_the_card_shows_debt_and_documents(client, cast, client_of):
    deals.sale(client_of, "1000.00", on=date(2026, 10, 1))
    client.force_login(cast.manager)
    facts = client.get(reverse("deals:client_facts", args=[client_of.pk])).content.decode()
    assert "1\u00a0000,00" in facts
    for tab in ("client_shipments", "client_invoices"):
        assert client.get(reverse(f"deals:{tab}", args=[client_of.pk])).status_code == 200
    client.force_login(cast.marketer)
    assert client.get(reverse("deals:client_facts", args=[client_of.pk])).status_code == 403


@pytest.mark.parametrize("name", ["shipment_list", "invoice_list"])
def test_a_register_asks_as_many_questions_for_many_rows(client, cast, client_of, name):
    client.force_login(cast.manager)
    spec = SHIPMENTS if name == "shipment_list" else INVOICES
    everything = {"columns": ",".join(spec.by_name)}

    def asked():
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(reverse(f"deals:{name}"), everything)
        return len(queries), answer.content.decode().count("data-row")

    deals.sale(client_of)
    asked()
    (few, one), _made = asked(), deals.sales(client_of, days=[deals.DAY] * 12)
    many, rows = asked()
    assert (one, rows) == (1, 13)
    assert many == few <= 12
