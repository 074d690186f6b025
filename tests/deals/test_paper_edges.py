"""Papers, schedules, powers of attorney, templates: what is refused, and what next to it is not."""

from datetime import date, time, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from crm.notices.models import Notice
from deals.actions import contract_papers, contract_parts, dossier, packages
from deals.models import ContractTemplate, DeliverySchedule
from tests.deals.test_contract_edges import refused
from tests.deals.test_deliveries import TODAY, in_force, proposed
from tests.deals.test_dossier import PAPER
from tests.factories import clients, deals
from tests.factories.spreading import allocate_payment

DAY, NOW = timedelta(days=1), timezone.now()


@pytest.fixture
def client(cast):
    return clients.client(cast.manager)


def test_days_of_a_paper_may_be_one_or_missing_but_not_backwards(cast, client):
    good = ({"issued_on": TODAY, "valid_to": TODAY}, {"issued_on": TODAY}, {"valid_to": TODAY})
    for days in good:
        paper = dossier.add_client_document(client.pk, by=cast.manager, **PAPER | days)
        refused(dossier.add_client_document, client.pk, by=cast.manager, **PAPER | days)
    edit = PAPER | {"issued_on": TODAY, "valid_to": TODAY - DAY}
    by = {"by": cast.manager, "version": 1}
    refused(dossier.edit_client_document, paper.pk, field="valid_to", **by, **edit)
    dossier.withdraw_client_document(paper.pk, by=cast.manager, version=1, now=NOW)
    again = {"by": cast.manager, "version": 2}
    with pytest.raises(PermissionDenied):
        dossier.edit_client_document(paper.pk, **again, **PAPER)
    with pytest.raises(PermissionDenied):
        dossier.withdraw_client_document(paper.pk, now=NOW, **again)
    dossier.add_client_document(client.pk, by=cast.manager, **PAPER | good[-1])


def test_papers_of_shipments_are_counted_each_by_itself(cast, client):
    first, second = deals.sale(client, on=TODAY), deals.sale(client, on=TODAY)

    def noted(shipment, kind, step, on=TODAY):
        return packages.note_document(
            shipment.pk, by=cast.manager, kind=kind, step=step, on=on, today=TODAY
        )

    for shipment, kind in ((first, "upd"), (first, "ttn"), (second, "upd")):
        assert noted(shipment, kind, "made").version == 1
    refused(noted, first, "upd", "lost")
    refused(noted, first, "upd", "made", match="уже")
    refused(noted, first, "upd", "handed", TODAY - DAY, field="on")
    assert noted(first, "upd", "handed").version == 2
    refused(noted, first, "upd", "lost")
    assert noted(first, "upd", "returned").returned_on == TODAY
    refused(noted, second, "upd", "returned")


def test_late_papers_are_counted_each_and_not_those_paid_today(cast, client):
    for day in (TODAY - 9 * DAY, TODAY - 9 * DAY, TODAY):
        invoice = deals.invoice(client, kind="prepay", on=day)
        allocate_payment(deals.payment(client, on=day).pk, by=None, named=[invoice.pk])
    packages.tell_of_missing_documents(TODAY)
    told = Notice.objects.get(kind="package.late", channel="ui", user=cast.manager)
    assert told.params["count"] == 2


def test_a_schedule_replaces_that_of_its_place_only(cast, client):
    place, other = clients.outlet(client), clients.client(cast.manager)
    standing = [in_force(client, cast), in_force(other, cast), in_force(client, cast, outlet=place)]
    change = in_force(client, cast, weekdays=[6])
    states = [DeliverySchedule.objects.get(pk=row.pk).state for row in standing]
    assert states == ["superseded", "effective", "effective"]
    assert change.version == 4  # proposed, agreed by two sides, in force
    noon = {"time_from": time(12), "time_to": time(12)}
    refused(proposed, client, cast.manager, field="time_to", **noon)
    with pytest.raises(IntegrityError, match="delivery_has_days"), transaction.atomic():
        proposed(client, cast.manager, weekdays=[])
    gone = clients.client(cast.manager, archived=True)
    for of, by in ((gone, cast.manager), (other, cast.lawyer)):
        with pytest.raises(PermissionDenied):
            proposed(of, by)


def test_a_power_of_attorney_is_entered_once_by_its_keepers_for_some_time(cast):
    row = {"number": "7", "agent": cast.manager, "limit": Decimal(1), "issued_by": "Директор"}
    days = {"issued_on": date(2026, 1, 1), "valid_to": date(2026, 1, 2)}
    with pytest.raises(PermissionDenied):
        contract_parts.issue_power(by=cast.manager, **row, **days)
    one_day = days | {"valid_to": days["issued_on"]}
    refused(contract_parts.issue_power, by=cast.lawyer, field="valid_to", **row, **one_day)
    power = contract_parts.issue_power(by=cast.lawyer, **row, **days)
    refused(contract_parts.issue_power, by=cast.director, field="number", **row, **days)
    with pytest.raises(IntegrityError, match="power_limit_positive"), transaction.atomic():
        contract_parts.issue_power(by=cast.lawyer, **row | {"number": "8", "limit": 0}, **days)
    revoke = {"by": cast.lawyer, "now": NOW}
    refused(contract_parts.revoke_power, power.pk, version=1, reason=" ", field="reason", **revoke)
    contract_parts.revoke_power(power.pk, version=1, reason="Увольнение", **revoke)
    refused(contract_parts.revoke_power, power.pk, version=2, reason="Снова", **revoke)
    power.refresh_from_db()
    assert (power.revoke_reason, power.version) == ("Увольнение", 2)


def test_a_template_is_named_once_in_its_kind_by_its_keepers(cast):
    text = {"name": "Типовой", "kind": "supply"}
    with pytest.raises(PermissionDenied):
        contract_papers.add_template(by=cast.manager, **text)
    contract_papers.add_template(by=cast.lawyer, **text)
    refused(contract_papers.add_template, by=cast.lawyer, field="name", **text)
    contract_papers.add_template(by=cast.lawyer, **text | {"kind": "sale"})
    with pytest.raises(IntegrityError, match="kind"), transaction.atomic():
        contract_papers.add_template(by=cast.lawyer, **text | {"kind": None})
    assert ContractTemplate.objects.count() == 2
