"""Rates of VAT by date: added, ended, taken out, and safe under posted documents (VAT-4, C.9)."""

from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse

from crm.errors import RuleViolation, StaleVersion
from deals.actions.documents import Head, Line, create_document
from deals.actions.posting import post_shipment
from deals.actions.vat import add_rate, end_rate, remove_rate
from deals.models import ShipmentKind, VatRate
from deals.pricing.vat import RateTable
from deals.seeds import seed_vat_rates
from tests.cast import everybody, signed_in
from tests.factories import clients

D = Decimal
NEXT = date(2027, 1, 1)
HTMX = {"HX-Request": "true"}


def add(by, *, since=NEXT, percent="25", kind="standard"):
    return add_rate(by=by, kind=kind, percent=D(percent), valid_from=since)


def rate_of(kind="standard"):
    return VatRate.objects.open().filter(kind=kind).first()


@pytest.fixture
def sold(cast):
    """A document posted at the rate of its day."""

    def make(day, kind=ShipmentKind.SALE, original=None):
        client = original.client if original else clients.client(cast.manager)
        head = Head(kind, client, None, original, day)
        lines = [Line(None, "Чай", D(1), D("122.00"))]
        made = create_document(by=cast.accountant, head=head, lines=lines, key=uuid4())
        post_shipment(made.pk, by=cast.accountant, on=day)
        return made

    return make


def test_the_law_stands_without_gaps_or_overlaps(db):
    percents = [RateTable().percent("standard", day) for day in (
        date(2018, 12, 31), date(2019, 1, 1), date(2025, 12, 31), date(2026, 1, 1), NEXT,
    )]  # fmt: skip
    assert percents == [18, 20, 20, 22, 22]
    assert seed_vat_rates() == 0, "rates that stand are left alone"


def test_a_new_rate_ends_the_former_one_on_its_day(cast):
    former = rate_of()
    add(cast.admin)
    former.refresh_from_db()
    assert former.valid_to == NEXT
    rates = RateTable()
    assert [rates.percent("standard", day) for day in (date(2026, 12, 31), NEXT)] == [22, 25]
    with pytest.raises(RuleViolation) as refusal:
        add(cast.admin)
    assert refusal.value.field == "valid_from"


def test_who_keeps_the_rates(cast):
    rate = rate_of("zero")
    for name, person in everybody(cast).items():
        if name in {"accountant", "admin"}:
            continue
        with pytest.raises(PermissionDenied):
            add(person)
        with pytest.raises(PermissionDenied):
            end_rate(rate.pk, by=person, version=1, on=NEXT)
        with pytest.raises(PermissionDenied):
            remove_rate(rate.pk, by=person, version=1)
    add(cast.accountant)


def test_an_ended_rate_is_not_taken_for_without_vat(cast, sold):
    rate = rate_of()
    with pytest.raises(StaleVersion):
        end_rate(rate.pk, by=cast.admin, version=9, on=NEXT)
    with pytest.raises(RuleViolation):
        end_rate(rate.pk, by=cast.admin, version=1, on=rate.valid_from)
    end_rate(rate.pk, by=cast.admin, version=1, on=NEXT)
    sold(date(2026, 12, 31))
    with pytest.raises(RuleViolation, match=r"01\.01\.2027"):
        sold(NEXT)
    with pytest.raises(RuleViolation):
        end_rate(rate.pk, by=cast.admin, version=2, on=NEXT)


def test_a_rate_that_posted_documents_bear_is_not_touched(cast, sold):
    sale = sold(date(2026, 11, 2))
    rate = rate_of()
    for write in (
        lambda: add(cast.admin, since=date(2026, 11, 2)),
        lambda: end_rate(rate.pk, by=cast.admin, version=1, on=date(2026, 11, 2)),
        lambda: remove_rate(rate.pk, by=cast.admin, version=1),
    ):
        with pytest.raises(RuleViolation, match="Проведённые"):
            write()
    rows = VatRate.objects.filter(pk=rate.pk)
    for values in ({"percent": 20}, {"kind": "reduced"}, {"valid_from": date(2026, 11, 3)}):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**values)
    with pytest.raises(IntegrityError, match="bear this rate"), transaction.atomic():
        rows.delete()
    add(cast.admin, since=date(2026, 11, 3))
    sold(date(2026, 11, 20), ShipmentKind.RETURN, original=sale)
    assert rate_of().percent == 25


def test_a_rate_entered_by_mistake_is_taken_out_and_the_former_one_holds_again(cast):
    former = rate_of()
    wrong = add(cast.admin)
    with pytest.raises(RuleViolation):
        remove_rate(former.pk, by=cast.admin, version=2)
    remove_rate(wrong.pk, by=cast.admin, version=1)
    assert RateTable().percent("standard", NEXT) == 22
    assert add(cast.admin, percent="23").percent == 23


def test_the_database_refuses_overlap_and_nonsense(cast):
    def refused(name, **values):
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            VatRate.objects.create(**{"kind": "standard", "percent": 5} | values)

    refused("vat_rate_one_a_day", valid_from=NEXT)
    refused("vat_rate_one_a_day", valid_from=date(2003, 1, 1), valid_to=date(2004, 1, 2))
    refused("vat_rate_period_in_order", valid_from=NEXT, valid_to=NEXT)
    refused("vat_rate_is_a_percentage", kind="none", valid_from=NEXT, percent=101)


def test_the_page_adds_ends_and_takes_out(cast):
    browser = signed_in(cast.accountant)
    values = {"kind": "standard", "percent": "25,5", "valid_from": "2027-01-01"}
    assert browser.post(reverse("deals:vat_add"), values, headers=HTMX).status_code == 204
    refused = browser.post(reverse("deals:vat_add"), values, headers=HTMX)
    assert refused.status_code == 422
    page = browser.get(reverse("deals:vat_rates")).content.decode()
    assert "25,5" in page
    rate = rate_of()
    for name in ("vat_end", "vat_remove", "vat_history"):
        assert reverse(f"deals:{name}", args=[rate.pk]) in page
    history = browser.get(reverse("deals:vat_history", args=[rate.pk])).content.decode()
    assert cast.accountant.short_name in history
    end = reverse("deals:vat_end", args=[rate.pk])
    assert browser.post(end, {"version": 1, "on": "2028-01-01"}, headers=HTMX).status_code == 204
    remove = reverse("deals:vat_remove", args=[rate.pk])
    assert browser.post(remove, {"version": 1}, headers=HTMX).status_code == 409
    assert browser.post(remove, {"version": 2}, headers=HTMX).status_code == 204
    reader = signed_in(cast.manager).get(reverse("deals:vat_rates")).content.decode()
    assert reverse("deals:vat_add") not in reader
