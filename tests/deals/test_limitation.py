"""Limitation of actions: LIM-1, what restarts it, where it is shown."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from crm.work.actions import change_setting
from deals.actions import acts
from deals.models import Allocation
from deals.receivables.limitation import limitation, limitations
from tests.cast import signed_in
from tests.factories import categories, deals
from tests.factories import reconciliations as factory
from tests.kernel.shared_files import shared_example

DAY = timedelta(days=1)


def test_lim_1(db):
    example = shared_example("LIM-1")
    for case, expected in zip(example["input"], example["expected"], strict=True):
        signed = case.get("act_signed")
        found = limitation(
            date.fromisoformat(case["due"]), date.fromisoformat(signed) if signed else None
        )
        assert str(found.expires) == expected["expires"]
        assert str(found.last_day) == expected["last_day_to_sue"]


def test_what_is_acknowledged_before_it_is_due_runs_from_the_due_day(db):
    due = date(2026, 7, 24)
    assert limitation(due, due - DAY) == limitation(due)
    assert limitation(due, date(2030, 1, 9)).expires == date(2033, 1, 9), "after the end, too"


def test_however_often_it_begins_anew_it_ends_ten_years_after_the_breach(cast):
    due = date(2020, 2, 29)
    assert limitation(due, date(2028, 2, 28)).expires == date(2030, 2, 28)
    assert limitation(due, date(2026, 11, 2)).expires == date(2029, 11, 2)
    change_setting("limitation.most_years", value=5, by=cast.admin)
    assert limitation(due, date(2026, 11, 2)).expires == date(2025, 2, 28)


def signed(client, by, authority="director", **more):
    act = factory.sent(client, by=by, as_of=date(2026, 10, 31), **more)
    by_whom = acts.Signature(date(2026, 11, 2), "Смирнов А. П.", "директор", authority, "№ 7")
    acts.sign_act(
        act.item_id, by_whom, by=by, version=act.item.version, today=factory.TODAY
    )  # fmt: skip


def expiry(*invoices):
    return [limitations(invoices)[one.pk].expires for one in invoices]


@pytest.mark.parametrize(
    ("authority", "restarts"),
    [("director", True), ("power_of_attorney", True), ("none", False)],
)
def test_only_an_act_of_an_authorised_person_restarts_it(cast, authority, restarts):
    client = categories.client(cast.manager, status="client")
    old, later = date(2026, 5, 5), date(2026, 11, 1)
    bill, new = (deals.invoice(client, on=day, due=day) for day in (old, later))
    signed(client, cast.manager, authority)
    again = date(2029, 11, 2) if restarts else date(2029, 5, 5)
    assert expiry(bill, new) == [again, date(2029, 11, 1)], "what came after the act is not in it"


def test_an_act_of_one_contract_or_without_a_debt_acknowledges_no_other_debt(cast):
    client, bare = (categories.client(cast.manager, status="client") for _ in range(2))
    mine, other = deals.contract(client), deals.contract(client)
    on = date(2026, 5, 5)
    bills = [deals.invoice(client, on=on, due=on, contract=one) for one in (mine, other, None)]
    paid = deals.invoice(bare, on=on, due=on)
    deals.payment(bare, "1000.00", on=on)
    for one, more in ((client, {"contract": mine}), (bare, {})):
        signed(one, cast.manager, **more)
    kept = date(2029, 5, 5)
    assert expiry(*bills) == [date(2029, 11, 2), kept, kept]
    assert expiry(paid) == [kept]


def test_the_card_of_an_invoice_shows_the_days_left_while_it_is_owed(cast):
    client, today = categories.client(cast.manager, status="client"), timezone.localdate()
    due = today.replace(year=today.year - 3, day=1) + 40 * DAY
    bill = deals.invoice(client, on=due - 10 * DAY, due=due)
    page = signed_in(cast.manager).get(bill.get_absolute_url()).content.decode()
    found = limitation(due)
    assert f"{found.last_day:%d.%m.%Y}" in page
    assert "text-danger" in page.split("Исковая давность")[1].split("</div>")[0]
    paid = deals.payment(client, "1000.00", on=today)
    Allocation.objects.create(
        invoice=bill, payment=paid, amount=bill.amount, kind="fifo", on_day=today
    )
    page = signed_in(cast.manager).get(bill.get_absolute_url()).content.decode()
    assert "Исковая давность" not in page
