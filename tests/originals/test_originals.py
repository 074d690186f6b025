"""Issued originals: who holds what until when, taking back by another, reminders, leaving."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from crm.accounts.hooks import dismissal_refusals
from crm.errors import RuleViolation, StaleVersion
from crm.notices.models import Notice
from crm.originals import actions
from crm.originals.models import IssuedOriginal
from tests.cast import signed_in
from tests.factories import accounts

TODAY = date(2026, 11, 23)
VALUES = {
    "kind": "document",
    "item": "Договор Д-7",
    "number": "7",
    "issued_on": TODAY,
    "return_due": date(2026, 12, 7),
    "note": "",
    "today": TODAY,
}


def issue(cast, **changes):
    values = VALUES | {"holder": cast.manager, "by": cast.lawyer} | changes
    return actions.issue_original(**values)


def test_an_original_goes_out_gets_more_time_and_comes_back(cast):
    original = issue(cast)
    later = date(2026, 12, 21)
    actions.prolong_original(original.pk, by=cast.sector_head, version=1, return_due=later)
    actions.receive_original(original.pk, by=cast.lawyer, version=2, today=date(2026, 12, 15))
    original.refresh_from_db()
    assert (original.return_due, original.returned_on) == (later, date(2026, 12, 15))
    assert (original.received_by, original.version) == (cast.lawyer, 3)
    with pytest.raises(RuleViolation):
        actions.receive_original(original.pk, by=cast.lawyer, version=3, today=TODAY)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"issued_on": TODAY + timedelta(days=1)}, "issued_on"),
        ({"return_due": TODAY - timedelta(days=1)}, "return_due"),
    ],
)
def test_days_out_of_order_are_refused_at_their_field(cast, changes, field):
    with pytest.raises(RuleViolation) as refusal:
        issue(cast, **changes)
    assert refusal.value.field == field
    assert not IssuedOriginal.objects.exists()


def test_nobody_gets_an_original_after_leaving(cast):
    cast.manager.is_active = False
    with pytest.raises(RuleViolation) as refusal:
        issue(cast)
    assert refusal.value.field == "holder"


def test_who_may_not_is_refused_and_nothing_changes(cast):
    original = issue(cast)
    own = issue(cast, holder=cast.lawyer)
    due = date(2027, 1, 11)
    with pytest.raises(PermissionDenied):
        issue(cast, by=cast.manager)
    with pytest.raises(PermissionDenied):
        actions.receive_original(original.pk, by=cast.manager, version=1, today=TODAY)
    with pytest.raises(PermissionDenied):
        actions.receive_original(own.pk, by=cast.lawyer, version=1, today=TODAY)
    with pytest.raises(IssuedOriginal.DoesNotExist):
        actions.receive_original(original.pk, by=cast.accountant, version=1, today=TODAY)
    with pytest.raises(StaleVersion):
        actions.prolong_original(original.pk, by=cast.lawyer, version=0, return_due=due)
    with pytest.raises(RuleViolation):
        actions.prolong_original(original.pk, by=cast.lawyer, version=1, return_due=TODAY)
    assert IssuedOriginal.objects.out().count() == 2
    assert not IssuedOriginal.objects.filter(version__gt=1).exists()


def test_the_table_lets_no_holder_confirm_the_own_return(cast):
    original = issue(cast)
    rows = IssuedOriginal.objects.filter(pk=original.pk)
    wrong = [
        {"returned_on": TODAY, "received_by": cast.manager},
        {"returned_on": TODAY},
        {"received_by": cast.lawyer},
        {"returned_on": TODAY - timedelta(days=1), "received_by": cast.lawyer},
        {"return_due": TODAY - timedelta(days=1)},
        {"item": ""},
    ]
    for values in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**values)


def test_holder_and_giver_are_reminded_once_a_week_from_the_day_on(cast):
    today = timezone.localdate()
    issue(cast, issued_on=today, return_due=today, today=today)
    issue(cast, issued_on=today, return_due=today + timedelta(days=1), today=today)
    told = [actions.remind_of_originals(today=today + timedelta(days=n)) for n in (-1, 0, 0, 1, 7)]
    # Two rows (bell and e-mail) for each of two people; after a day also the second original.
    assert told == [0, 4, 0, 4, 4]
    people = Notice.objects.filter(kind="original.due").values_list("user", flat=True)
    assert set(people) == {cast.manager.pk, cast.lawyer.pk}


def test_nobody_leaves_with_an_original(cast):
    original = issue(cast)
    (refusal,) = [r for r in dismissal_refusals(cast.manager) if "originals" in r.url]
    assert f"holder={cast.manager.pk}" in refusal.url
    assert signed_in(cast.lawyer).get(refusal.url).status_code == 200
    actions.receive_original(original.pk, by=cast.lawyer, version=1, today=TODAY)
    assert not [r for r in dismissal_refusals(cast.manager) if "originals" in r.url]


def test_pages_give_out_prolong_and_take_back(cast):
    lawyer, today = signed_in(cast.lawyer), timezone.localdate()
    form = {
        "kind": "valuable", "item": "Печать", "holder": cast.manager.pk,
        "issued_on": f"{today}", "return_due": f"{today - timedelta(days=1)}",
    }  # fmt: skip
    refused = lawyer.post("/originals/new/", form)
    assert refused.status_code == 422
    assert "return_due" in refused.context["form"].errors
    form["return_due"] = f"{today + timedelta(days=3)}"
    page = lawyer.post("/originals/new/", form)["Location"]
    original = IssuedOriginal.objects.get()
    again = lawyer.post(f"{page}prolong/", {"version": 1, "return_due": form["return_due"]})
    assert again.status_code == 422
    assert "return_due" in again.context["form"].errors
    assert signed_in(cast.manager).post(f"{page}receive/", {"version": 1}).status_code == 403
    assert lawyer.post(f"{page}receive/", {"version": 1}).status_code == 302
    original.refresh_from_db()
    assert original.received_by == cast.lawyer
    for state, found in (("out", 0), ("overdue", 0), ("returned", 1)):
        rows = lawyer.get("/originals/", {"state": state}).context["list"].rows
        assert len(rows) == found, state
    file = b"".join(lawyer.get("/originals/", {"export": "csv"}))
    assert ";возвращено;" in file.decode("utf-8-sig")


def test_one_sees_what_one_holds_gave_out_or_oversees(cast):
    original = accounts.original(cast.manager, by=cast.lawyer)
    for person in (cast.manager, cast.lawyer, cast.sector_head, cast.director, cast.admin):
        assert original in IssuedOriginal.objects.visible_to(person), person
    for person in (cast.manager2, cast.accountant, cast.stranger_head, cast.logistics):
        assert original not in IssuedOriginal.objects.visible_to(person), person
