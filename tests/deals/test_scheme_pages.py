"""Pages of relationship schemes, and where the rest of the product shows them."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from clients.actions.categories import submit_category_change
from clients.contacting import next_step
from clients.models import Client
from crm.approvals.models import Approval
from crm.calendar import month_start
from deals.models import RelationshipScheme
from tests.cast import signed_in
from tests.factories import categories, clients, deals, orders, schemes

D, DAY = Decimal, timedelta(days=1)
HTMX = {"HX-Request": "true"}
SEEN = RelationshipScheme.objects


@pytest.fixture
def client(cast):
    return clients.client(cast.manager, category="A", name="ООО «Ромашка»")


@pytest.fixture
def today():
    return timezone.localdate()


def page(user, name, pk, query=""):
    answer = signed_in(user).get(reverse(f"deals:{name}", args=[pk] if pk else []) + query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_scheme_goes_from_the_form_to_the_decision_and_on_to_the_next_period(cast, client, today):
    asks, decides = signed_in(cast.manager), signed_in(cast.department_head)
    typed = {
        "goals": "Новая линейка", "discount_pct": "6,5", "accelerated_days": "",
        "turnover_goal": "400 000", "valid_from": today, "valid_to": today + 29 * DAY,
        "individual_service": "Свой кладовщик", "special_terms": "",
    }  # fmt: skip
    form = reverse("deals:scheme_create", args=[client.pk])
    assert "скидка до 10,00" in asks.get(form).content.decode()
    assert asks.post(form, typed | {"valid_to": today - DAY}).status_code == 422
    assert asks.post(form, typed).status_code == 302
    scheme = SEEN.get()
    assert (scheme.discount_pct, scheme.accelerated_days, scheme.turnover_goal) == (
        D("6.5"),
        0,
        D(400_000),
    )
    assert asks.post(form, typed).status_code == 422  # one is being prepared
    edit = reverse("deals:scheme_edit", args=[scheme.pk])
    assert asks.post(edit, typed | {"version": "1", "accelerated_days": "1"}).status_code == 302
    assert asks.post(edit, typed | {"version": "1"}).status_code == 409
    assert "<ins>1 день</ins>" in page(cast.manager, "scheme_history", scheme.pk)
    submit = reverse("deals:scheme_submit", args=[scheme.pk])
    assert "Сидорова" in asks.get(submit, headers=HTMX).content.decode()
    assert asks.post(submit, {"version": "2"}, headers=HTMX).status_code == 204
    approval = Approval.objects.of(scheme).get()
    html = decides.get(approval.get_absolute_url()).content.decode()
    assert "Новая линейка" in html
    assert "Свой кладовщик" in html
    decision = {
        "decision": "approve", "comment": "", "version": approval.version,
        "target_version": approval.target_version,
    }  # fmt: skip
    decides.post(reverse("approvals:decide", args=[approval.pk]), decision, headers=HTMX)
    scheme.refresh_from_db()
    assert scheme.state == "active"
    renew = reverse("deals:scheme_renew", args=[scheme.pk])
    asks.post(renew, {"version": scheme.version}, headers=HTMX)
    assert SEEN.get(previous=scheme).valid_from == today + 30 * DAY
    end = reverse("deals:scheme_end", args=[scheme.pk])
    sent = {"version": scheme.version, "reason": "Долги"}
    assert decides.post(end, sent, headers=HTMX).status_code == 204
    assert "Долги" in page(cast.manager, "scheme_detail", scheme.pk)


def test_the_page_shows_turnover_against_the_goal_and_a_category_that_no_longer_fits(
    cast, client, today
):
    deals.sale(client, "500000.00", on=today.replace(day=1))
    scheme = schemes.scheme(client, cast.manager, state="active", beyond_policy=True)
    html = page(cast.director, "scheme_detail", scheme.pk)
    assert "500\u00a0000,00" in html
    assert "125" in html
    assert "Сверх политики" in html
    assert "больше не заключаются" not in html
    Client.objects.filter(pk=client.pk).update(category="C")
    assert "больше не заключаются" in page(cast.director, "scheme_detail", scheme.pk)


def test_the_register_has_its_views_and_costs_the_same_for_many(
    cast, client, today, django_assert_max_num_queries
):
    def row(name, **more):
        schemes.scheme(clients.client(cast.manager, category="A", name=name), cast.manager, **more)

    row("Ландыш", state="active", valid_to=today)
    row("Фиалка", state="on_approval")
    row("Василёк", state="expired")
    shown = {
        "?state=active": {"Ландыш"},
        "?ends=month": {"Ландыш"},
        "?state=draft&state=on_approval&state=approved": {"Фиалка"},
    }
    for query, names in shown.items():
        html = page(cast.manager, "scheme_list", None, query)
        assert {name for name in ("Ландыш", "Фиалка", "Василёк") if f">{name}<" in html} == names
    assert ">Ландыш<" not in page(cast.stranger, "scheme_list", None)
    for number in range(8):
        row(f"Клевер {number}", state="active")
    with django_assert_max_num_queries(16):
        assert page(cast.manager, "scheme_list", None).count("Клевер") >= 8


def test_the_card_the_order_and_the_change_of_category_show_the_scheme(cast, client, today):
    assert reverse("deals:scheme_create", args=[client.pk]) in page(
        cast.manager, "client_schemes", client.pk
    )
    scheme = schemes.scheme(client, cast.manager, state="active", discount_pct=D("6"))
    url = scheme.get_absolute_url()
    assert url in page(cast.manager, "client_schemes", client.pk)
    tea = deals.product()
    deals.price_list(cast.director, {tea: "100.00"}, approved_by=cast.director)
    late = {"promised_on": today + 40 * DAY}
    order = orders.draft(client, {tea: 1}, by=cast.manager, on=today, **late)
    html = page(cast.manager, "order_detail", order.pk)
    assert url in html
    assert "по схеме взаимоотношений — до" in html
    form = page(cast.manager, "order_create", None, f"?client={client.pk}")
    assert "скидка до 6,00" in form
    first = month_start(today, 1)
    request = categories.change(client, cast.manager, to="B", effective_from=first)
    submit_category_change(request.pk, by=cast.manager, version=request.version, today=today)
    approval = Approval.objects.of(request).get()
    assert url in signed_in(cast.department_head).get(approval.get_absolute_url()).content.decode()


def test_my_day_asks_for_the_next_scheme_until_one_is_on_its_way(cast, client, today):
    scheme = schemes.scheme(client, cast.manager, state="active", valid_to=today + 30 * DAY)

    at = next_step.Moment.of(timezone.now())

    def asked_for():
        found = next_step.find_reasons(Client.objects.filter(pk=client.pk), at)[0]
        return "scheme_ends" in {reason.rule.code for reason in found.reasons}

    assert asked_for()
    SEEN.filter(pk=scheme.pk).update(valid_to=today + 31 * DAY)
    assert not asked_for()
    SEEN.filter(pk=scheme.pk).update(valid_to=today)
    following = schemes.scheme(client, cast.manager, state="on_approval", today=today + DAY)
    assert not asked_for()
    SEEN.filter(pk=following.pk).update(state="draft")
    assert asked_for()
