"""Pages of debt and limit, stops and the ladder: the form, the fragment, the database."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from deals.actions.stops import check_stops
from deals.models import FollowUpStep, StopShipping
from tests.cast import signed_in
from tests.factories import clients, contacts, deals

D = Decimal
HTMX = {"HX-Request": "true"}


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def client(cast, today):
    made = clients.client(cast.manager, category="B", name="ООО «Ромашка»")
    due = today - timedelta(days=10)
    deals.invoice(made, "1500.00", on=due, due=due)
    check_stops(today=today, now=timezone.now())
    return made


def page(person, name, pk, **options):
    return signed_in(person).get(reverse(f"deals:{name}", args=[pk]), **options)


def post(person, name, *args, **data):
    return signed_in(person).post(reverse(f"deals:{name}", args=args), data, headers=HTMX)


def text(response):
    return response.content.decode().replace("\u00a0", " ")


def test_the_page_shows_debt_limit_stop_and_promises(cast, client, today):
    deals.credit_limit(client, "1000.00", by=cast.director, reason="Рост")
    contacts.done(client, cast.manager, promise_amount=D(700), promise_on=today)
    shown = text(page(cast.accountant, "credit", client.pk))
    for words in ("1 500,00", "1 000,00", "−500,00", "150 %", "Просроч", "700,00"):
        assert words in shown, words
    assert "_limit/" not in shown
    fragment = text(page(cast.manager, "credit", client.pk, headers=HTMX))
    assert 'id="_credit"' in fragment
    assert "<html" not in fragment


def test_buttons_are_shown_to_those_who_may_press_them(cast, client):
    stop = StopShipping.objects.get()
    release, limit = reverse("deals:stop_release", args=[stop.pk]), f"/credit/{client.pk}/limit/"
    seen = {
        name: (release in shown, limit in shown, f"/credit/{client.pk}/stop/" in shown)
        for name in ("manager", "sector_head", "department_head", "director", "accountant")
        for shown in [text(page(getattr(cast, name), "credit", client.pk))]
    }
    assert seen == {
        "manager": (False, True, False), "sector_head": (False, True, True),
        "department_head": (True, True, True), "director": (True, False, True),
        "accountant": (False, False, False),
    }  # fmt: skip


def test_the_card_marks_the_stop(cast, client):
    card = text(signed_in(cast.manager).get(client.get_absolute_url()))
    assert reverse("deals:client_facts", args=[client.pk]) in card
    strip = text(page(cast.manager, "client_facts", client.pk, headers=HTMX))
    assert "1 500,00" in strip
    assert "ti-hand-stop" in strip
    marketer = text(signed_in(cast.marketer).get(client.get_absolute_url()))
    assert "credit" not in marketer


def test_a_limit_is_closed(cast, client, today):
    limit = deals.credit_limit(client, "1000.00", by=cast.director)
    values = {"version": 1, "on": (today + timedelta(days=1)).isoformat()}
    assert post(cast.department_head, "limit_close", limit.pk, **values).status_code == 204
    limit.refresh_from_db()
    assert limit.valid_to == today + timedelta(days=1)
    assert post(cast.department_head, "limit_close", limit.pk, **values).status_code == 409


def test_shipping_is_stopped_released_and_let_go(cast, client, today):
    assert post(cast.sector_head, "stop_set", client.pk, reason="manual", note="Спор").status_code
    manual, rule = StopShipping.objects.get(reason="manual"), StopShipping.objects.get(set_by=None)
    late = {"version": 1, "until": (today + timedelta(days=60)).isoformat(), "reason": "Ждём"}
    refused = post(cast.department_head, "stop_release", rule.pk, **late)
    assert refused.status_code == 422
    assert "директор" in text(refused)
    soon = late | {"until": today.isoformat()}
    assert post(cast.department_head, "stop_release", rule.pk, **soon).status_code == 204
    assert post(cast.department_head, "stop_lift", manual.pk, version=1).status_code == 204
    assert post(cast.department_head, "stop_lift", rule.pk, version=2).status_code == 422
    manual.refresh_from_db()
    rule.refresh_from_db()
    assert manual.off_at is not None
    assert (rule.off_at, rule.released_to) == (None, today)
    register = signed_in(cast.manager).get(reverse("deals:stop_list"), {"state": "released"})
    assert "Ромашка" in text(register)
    standing = signed_in(cast.manager).get(reverse("deals:stop_list"), {"state": "standing"})
    assert "Ромашка" not in text(standing)


def test_the_ladder_is_edited_in_dialogs(cast):
    step = FollowUpStep.objects.get(category="A", days_overdue=7)
    values = {"category": "A", "days_overdue": 8, "action": "Иск в суд", "contact_kind": "email"}
    stale = post(cast.admin, "ladder_edit", step.pk, version=5, **values)
    assert stale.status_code == 409
    assert post(cast.admin, "ladder_edit", step.pk, version=1, **values).status_code == 204
    step.refresh_from_db()
    assert (step.days_overdue, step.action) == (8, "Иск в суд")
    assert post(cast.admin, "ladder_add", **values).status_code == 422
    assert post(cast.admin, "ladder_archive", step.pk, version=2).status_code == 204
    assert "Иск в суд" not in text(signed_in(cast.manager).get(reverse("deals:ladder")))
