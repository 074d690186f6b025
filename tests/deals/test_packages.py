"""Papers of shipments: steps in their order, and documents of paid invoices that are late."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from crm.errors import RuleViolation
from crm.notices.models import Notice
from deals.actions.packages import note_document
from deals.actions.posting import reverse_shipment
from deals.models import Invoice, ShipmentDocument
from deals.packages import documents_deadline, is_late, package_of, waiting_invoices
from deals.permissions import can_note_documents
from deals.tasks.contracts import paid_without_documents
from deals.views.shipments import package_parts
from reports.registry import get
from tests.cast import signed_in
from tests.factories import clients, deals, orders
from tests.factories.spreading import allocate_payment
from tests.kernel.shared_files import shared_example
from tests.standing import standing

DAY = date(2026, 11, 2)
TODAY = date(2026, 11, 23)


@standing
def client(cast):
    return clients.client(cast.manager)


@standing
def shipment(client):
    return deals.sale(client, "1000.00", on=DAY)


def noted(shipment, by, step, on=DAY, kind="upd"):
    return note_document(shipment.pk, by=by, kind=kind, step=step, on=on, today=TODAY)


def test_documents_are_late_as_in_the_worked_example(db):
    example = shared_example("DOC-1")
    as_of = date.fromisoformat(example["input"]["as_of"])
    for case in example["input"]["cases"]:
        paid = date.fromisoformat(case["paid_on"])
        made = case["documents_created_on"]
        wanted = example["expected"][case["invoice"]]
        assert f"{documents_deadline(paid)}" == wanted["deadline"]
        assert is_late(paid, date.fromisoformat(made) if made else None, as_of) == wanted["late"]


def test_a_paper_is_made_then_handed_then_comes_back(cast, shipment):
    with pytest.raises(RuleViolation):
        noted(shipment, cast.manager, "handed")
    noted(shipment, cast.manager, "made")
    with pytest.raises(RuleViolation):
        noted(shipment, cast.manager, "returned")
    with pytest.raises(RuleViolation) as refusal:
        noted(shipment, cast.manager, "handed", DAY - timedelta(days=1))
    assert refusal.value.field == "on"
    noted(shipment, cast.manager, "handed", DAY + timedelta(days=1))
    with pytest.raises(RuleViolation):
        noted(shipment, cast.manager, "handed", DAY + timedelta(days=2))
    noted(shipment, cast.accountant, "returned", DAY + timedelta(days=9))
    with pytest.raises(RuleViolation):
        noted(shipment, cast.manager, "returned", DAY + timedelta(days=9))
    upd, ttn = package_of(shipment)
    assert (upd.next_step, ttn.next_step, ttn.is_required) == ("", "made", True)


def test_a_day_to_come_and_a_strange_step_are_refused(cast, shipment):
    for wrong in ({"on": TODAY + timedelta(days=1)}, {"kind": "strange"}, {"step": "lost"}):
        with pytest.raises(RuleViolation):
            noted(shipment, cast.manager, **{"step": "made"} | wrong)
    assert not ShipmentDocument.objects.exists()


def test_who_may_note_and_what(cast, client, shipment):
    with pytest.raises(PermissionDenied):
        noted(shipment, cast.lawyer, "made")
    with pytest.raises(PermissionDenied):
        noted(deals.draft(client), cast.manager, "made")


@pytest.mark.parametrize("wrong", [{"handed_on": "2026-11-01"}, {"returned_on": "2026-11-05"}])
def test_the_database_refuses_steps_out_of_turn(cast, shipment, wrong):
    noted(shipment, cast.manager, "made")
    with pytest.raises(IntegrityError), transaction.atomic():
        ShipmentDocument.objects.update(**wrong)


@standing
def advance(client):
    """An advance of 600 that was paid on the day."""
    invoice = deals.invoice(client, "600.00", kind="prepay", on=DAY)
    money = deals.payment(client, "600.00", on=DAY)
    allocate_payment(money.pk, by=None, named=[invoice.pk])
    invoice.refresh_from_db()
    assert invoice.settled_on == DAY
    return invoice


def test_a_paid_advance_waits_for_its_goods(cast, client, advance):
    (row,) = waiting_invoices(cast.manager, TODAY)
    assert (row.invoice, row.deadline, row.late) == (advance, date(2026, 11, 3), True)
    (row,) = waiting_invoices(cast.manager, DAY)
    assert not row.late
    assert list(waiting_invoices(cast.stranger, TODAY)) == []
    deals.sale(client, "100.00", on=DAY - timedelta(days=1))  # before the payment: not its goods
    assert len(list(waiting_invoices(cast.manager, TODAY))) == 1
    deals.sale(client, "600.00", on=DAY + timedelta(days=1))
    assert list(waiting_invoices(cast.manager, TODAY)) == []


def test_manager_and_heads_learn_of_late_documents_once_a_day(cast, client, advance):
    deals.invoice(client, "70.00", kind="prepay", on=DAY)  # nobody has paid it
    for payer, on in ((client, timezone.localdate()), (clients.client(cast.stranger), DAY)):
        invoice = deals.invoice(payer, "5.00", kind="prepay", on=on)
        money = deals.payment(payer, "5.00", on=on)
        allocate_payment(money.pk, by=None, named=[invoice.pk])
    assert paid_without_documents(today=timezone.localdate() - timedelta(days=1)) == 0
    assert paid_without_documents(today=timezone.localdate()) > 0
    told = Notice.objects.filter(kind="package.late", channel="ui")
    people = ("manager", "sector_head", "department_head", "stranger", "stranger_head")
    found = {(row.user.username, row.params["count"]) for row in told}
    assert found == {(name, 1) for name in people}
    assert told.first().url == reverse("reports:report", args=["paid_without_documents"])
    assert paid_without_documents(today=timezone.localdate()) == 0


def test_the_page_of_a_shipment_offers_the_next_step(cast, client):
    shipment = deals.sale(client, "1000.00", on=timezone.localdate())
    url = reverse("deals:package_note", args=[shipment.pk, "upd", "made"])
    browser = signed_in(cast.manager)
    assert url in browser.get(shipment.get_absolute_url()).content.decode()
    assert browser.post(url, {"on": f"{timezone.localdate()}"}).status_code == 302
    page = browser.get(shipment.get_absolute_url()).content.decode()
    assert url not in page
    assert reverse("deals:package_note", args=[shipment.pk, "upd", "handed"]) in page
    assert browser.get(url.replace("/upd/", "/strange/")).status_code == 404


def test_the_report_names_originals_that_did_not_come_back_in_time(cast, shipment):
    for step, on in (("made", DAY), ("handed", DAY + timedelta(days=1))):
        noted(shipment, cast.manager, step, on)
    foreign = deals.sale(clients.client(cast.stranger), "10.00", on=DAY)
    noted(foreign, cast.accountant, "made")
    noted(foreign, cast.accountant, "handed")
    handed, report = DAY + timedelta(days=1), get("originals_not_back")

    def named(day, days=14, by=cast.manager):
        rows = report.rows(by, {"as_of": day, "days": days})
        return [(row["number"], row["days"]) for row in rows]

    day = handed + timedelta(days=15)
    assert named(day) == [(shipment.number, 15)]
    assert named(day, 15) == []
    assert len(named(day, by=cast.director)) == 2
    noted(shipment, cast.accountant, "returned", day)
    assert named(day) == []
    assert named(day - timedelta(days=1), 10) == [(shipment.number, 14)]  # as it was then


def test_papers_are_noted_of_clients_known_by_people_who_work_here(cast, client, shipment):
    mirror = reverse_shipment(
        deals.sale(client, on=DAY).pk, by=cast.accountant, on=DAY, reason="Ошибка"
    )
    for none in (mirror, deals.unassigned(on=DAY), deals.returned(client, on=DAY)):
        with pytest.raises(PermissionDenied):
            noted(none, cast.accountant, "made")
    assert package_parts(cast.accountant, shipment)["may_note"]
    assert package_parts(cast.accountant, mirror) == {}
    assert can_note_documents(cast.manager, shipment)
    cast.manager.is_active = False
    assert not can_note_documents(cast.manager, shipment)


def test_only_advances_that_were_paid_wait_and_only_for_goods_of_their_own(cast, client, advance):
    def waiting(day=TODAY):
        return {row.invoice for row in waiting_invoices(cast.manager, day)}

    deals.invoice(client, "70.00", kind="prepay", on=DAY)  # nobody has paid it
    old = deals.invoice(client, "80.00", on=DAY)  # no advance: made by a document of the books
    allocate_payment(deals.payment(client, "80.00", on=DAY).pk, by=None, named=[old.pk])
    assert waiting() == {advance}
    assert waiting(DAY - timedelta(days=1)) == set(), "it was not paid yet"

    deals.sale(clients.client(cast.manager), "600.00", on=DAY)
    deals.returned(client, "-1.00", on=DAY)
    deals.draft(client, "600.00", on=DAY)
    gone = deals.sale(client, "600.00", on=DAY)
    reverse_shipment(gone.pk, by=cast.accountant, on=DAY, reason="Ошибка")
    assert waiting() == {advance}, "no goods of it"

    tea = deals.product()
    mine, other = (orders.placed(client, {tea: 1}, by=cast.manager, on=DAY) for _ in range(2))
    Invoice.objects.filter(pk=advance.pk).update(order=mine)
    orders.shipped(other, by=cast.accountant, on=DAY)
    assert waiting() == {advance}, "goods of another order"
    orders.shipped(mine, by=cast.accountant, on=DAY)
    assert waiting() == set()
