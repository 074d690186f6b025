"""Pages of reconciliations and of their schedules (DL-12, part 4)."""

import re
from datetime import date, timedelta
from html import unescape
from urllib.parse import urlencode

import pytest
from django.urls import reverse
from django.utils import timezone

from crm.approvals.models import Approval
from crm.calendar import half_end
from deals.actions.reconciliation_schedules import Half, generate_schedules
from deals.models import ReconciliationItem, ReconciliationSchedule
from deals.pages.schedules import SchedulePage
from tests.cast import signed_in
from tests.factories import categories, deals, reconciliations

HTMX = {"HX-Request": "true"}
ITEMS = ReconciliationItem.objects
DAY = timedelta(days=1)


@pytest.fixture
def today():
    return timezone.localdate()


def bought(manager, name, category="C"):
    return categories.client(manager, category=category, status="client", name=name)


def item(client, *, as_of, send_by, sign_by=None, **more):
    """A reconciliation with terms of its own."""
    more = {"kind": "emergency", "reason": "dispute"} | more
    terms = {"as_of": as_of, "send_by": send_by, "sign_by": sign_by or send_by + 14 * DAY}
    return ITEMS.create(client=client, **terms, **more)


def page(user, name, *args, status=200, **query):
    address = reverse(f"deals:{name}", args=args)
    answer = signed_in(user).get(f"{address}?{urlencode(query, doseq=True)}")
    assert answer.status_code == status
    return answer.content.decode()


def names_in(html, *names):
    return {name for name in names if f">{name}<" in html}


@pytest.fixture
def states(cast, today):
    """Late to send, with the client, disputed, signed in time; one of a colleague, a stranger's."""
    old, soon = today - 40 * DAY, today + 3 * DAY
    before = {"as_of": old, "send_by": today - 20 * DAY, "sent_on": today - 21 * DAY}
    signed = {"signed_on": today, "manager": cast.manager}  # of this half-year on any day
    return {
        "Ландыш": item(bought(cast.manager, "Ландыш", "A"), as_of=old, send_by=today - 5 * DAY),
        "Фиалка": item(
            bought(cast.manager, "Фиалка"), state="sent", sign_by=soon, **before
        ),
        "Клевер": item(
            bought(cast.manager, "Клевер"), state="discrepancy", sign_by=soon, **before
        ),
        "Василёк": item(
            bought(cast.manager, "Василёк"), state="signed", sign_by=today, **signed, **before
        ),
        "Пион": item(bought(cast.manager2, "Пион"), as_of=old, send_by=soon),
        "Чужой": item(bought(cast.stranger, "Чужой"), as_of=old, send_by=soon),
    }  # fmt: skip


def test_the_register_has_its_views_terms_and_costs_the_same_for_many(
    cast, states, today, django_assert_max_num_queries
):
    shown = {
        "step=send": {"Ландыш", "Пион"},
        "step=client": {"Фиалка", "Клевер"},
        "state=discrepancy": {"Клевер"},
        "step=late": {"Ландыш"},
        "mine=true&step=open": set(),
        f"manager={cast.manager2.pk}": {"Пион"},
        "in_time=sent&in_time=signed": {"Василёк"},
        f"category=A&as_of_to={today}": {"Ландыш"},
    }
    address = reverse("deals:reconciliation_list")
    head = signed_in(cast.department_head)
    for query, names in shown.items():
        html = head.get(f"{address}?{query}").content.decode()
        assert names_in(html, *states) == names, query
    html = page(cast.manager, "reconciliation_list", mine="true")
    assert names_in(html, *states) == {"Ландыш", "Фиалка", "Клевер", "Василёк"}
    assert "опоздание 5 дней" in html
    assert "осталось 3 дня" in html.lower()
    act = reconciliations.act(states["Ландыш"].client, by=cast.manager)
    with django_assert_max_num_queries(16):
        html = page(cast.accountant, "reconciliation_list")
    assert names_in(html, *states) == set(states)
    assert act.number in html
    assert names_in(page(cast.accountant, "reconciliation_list", q=act.number), *states) == {
        "Ландыш"
    }
    file = signed_in(cast.manager).get(reverse("deals:reconciliation_list"), {"export": "csv"})
    content = file.getvalue().decode()
    assert act.number in content
    assert f"{states['Ландыш'].send_by:%d.%m.%Y}" in content
    page(cast.marketer, "reconciliation_list", status=403)


def test_the_register_opens_on_what_is_to_be_done_now_the_soonest_due_first(cast, states, today):
    later = half_end(today) + DAY
    item(bought(cast.manager, "Осока"), as_of=later, send_by=later + DAY, sign_by=later + 9 * DAY)
    type(states["Клевер"]).objects.filter(pk=states["Клевер"].pk).update(sign_by=today + 2 * DAY)
    rail = page(cast.department_head, "reconciliation_board")
    (link,) = set(re.findall(r'href="(/deals/reconciliations/\?[^"]+)"', rail.split("<main")[0]))
    html = signed_in(cast.department_head).get(unescape(link)).content.decode()
    assert names_in(html, *states, "Осока") == {"Ландыш", "Клевер", "Фиалка", "Пион"}
    places = [html.index(f">{name}<") for name in ("Ландыш", "Клевер", "Фиалка", "Пион")]
    assert places == sorted(places)
    whole = page(cast.department_head, "reconciliation_list")
    order = ("Ландыш", "Клевер", "Пион", "Осока", "Василёк")
    places = [whole.index(f">{name}<") for name in order]
    assert places == sorted(places), "what is over comes last, what is to come before it"


def test_the_board_has_a_column_for_each_state_and_counts_that_the_register_confirms(
    cast, states, today
):
    for number in range(11):
        item(bought(cast.manager, f"Мак {number}"), as_of=today - DAY, send_by=today + 9 * DAY)
    html = page(cast.department_head, "reconciliation_board", column="sent")
    assert names_in(html, *states) == set(states) - {"Чужой"}
    assert html.count(">Мак ") == 8, "ten cards beside Ландыш and Пион, who are more urgent"
    assert "Ещё 3" in html
    query = "state=planned&amp;step=open&amp;as_of_to="
    assert query in html
    link = html.split(query)[1].split('"')[0]
    register = page(
        cast.department_head, "reconciliation_list", state="planned", step="open", as_of_to=link
    )
    assert "из 13" in register
    assert names_in(page(cast.manager2, "reconciliation_board"), *states) == {"Пион"}
    narrowed = page(cast.department_head, "reconciliation_board", manager=cast.manager2.pk)
    assert names_in(narrowed, *states) == {"Пион"}
    page(cast.logistics, "reconciliation_board", status=403)


# --- emergencies ----------------------------------------------------------------------------------


def test_an_emergency_is_asked_for_and_decided_with_the_debt_in_sight(cast, today):
    client = bought(cast.manager, "Ландыш")
    deals.invoice(client, "5000.00", on=today - 60 * DAY, due=today - 31 * DAY)
    agreed, foreign = deals.contract(client), deals.contract(bought(cast.manager, "Пион"))
    asks = signed_in(cast.manager)
    form = reverse("deals:reconciliation_ask", args=[client.pk])
    html = asks.get(form, headers=HTMX).content.decode()
    assert "Сидорова" in html
    assert agreed.number in html
    typed = {"reason": "overdue", "as_of": today, "contract": agreed.pk, "comment": "Не сходится"}
    for wrong in ({"contract": foreign.pk}, {"as_of": today + DAY}, {"reason": ""}):
        assert asks.post(form, typed | wrong, headers=HTMX).status_code == 422
    assert asks.post(form, typed, headers=HTMX).status_code == 204
    made = ITEMS.get()
    assert (made.state, made.contract, made.comment) == ("requested", agreed, "Не сходится")
    assert asks.post(form, typed, headers=HTMX).status_code == 422, "the day is taken"
    head = signed_in(cast.department_head)
    assert "Ландыш" in head.get(reverse("approvals:inbox")).content.decode()
    approval = Approval.objects.of(made).get()
    html = head.get(approval.get_absolute_url()).content.decode()
    assert "Не сходится" in html
    assert "5\u00a0000" in html
    card = page(cast.manager, "client_reconciliations", client.pk)
    assert made.get_absolute_url() in card
    assert "На утверждении" in card


def test_the_head_plans_at_once_and_the_register_asks_whom_first(cast, today):
    client, head = bought(cast.manager, "Ландыш"), signed_in(cast.department_head)
    start = reverse("deals:reconciliation_ask_start")
    form = reverse("deals:reconciliation_ask", args=[client.pk])
    assert head.post(start, {"client": client.code})["Location"] == form
    assert head.post(start, {"client": ""}).status_code == 422
    assert "Решаете вы" in head.get(form, headers=HTMX).content.decode()
    assert head.post(form, {"reason": "claim", "as_of": today}, headers=HTMX).status_code == 204
    made = ITEMS.get()
    assert (made.state, made.approved_by) == ("planned", cast.department_head)
    assert "Следующая сверка" in page(cast.manager, "client_reconciliations", client.pk)


def test_the_card_shows_twelve_months_and_what_is_open(cast, today):
    client = bought(cast.manager, "Ландыш")
    old = item(client, as_of=today - 500 * DAY, send_by=today - 490 * DAY)
    gone = item(
        client, as_of=today - 490 * DAY, send_by=today - 480 * DAY, state="cancelled",
        cancel_reason="Нет оборотов",
    )  # fmt: skip
    html = page(cast.manager, "client_reconciliations", client.pk)
    assert old.get_absolute_url() in html
    assert gone.get_absolute_url() not in html


# --- schedules ------------------------------------------------------------------------------------


@pytest.fixture
def clients(cast):
    return {
        "Ландыш": bought(cast.manager, "Ландыш", "A"),
        "Пион": bought(cast.manager2, "Пион", "B"),
        "Чужой": bought(cast.stranger, "Чужой", "A"),
    }


def test_a_head_draws_up_the_schedule_of_the_department_once(cast, clients, today):
    half = Half.of(today).following
    address = reverse("deals:schedule_draw_up", args=[half.year, half.half])
    head = signed_in(cast.department_head)
    assert address in page(cast.department_head, "schedule_list")
    assert address not in page(cast.manager, "schedule_list")
    assert head.post(address, headers=HTMX).status_code == 204
    made = ReconciliationSchedule.objects.get()
    assert (made.org_unit, made.items.count()) == (cast.department, 6 + 2)
    assert address not in page(cast.department_head, "schedule_list")
    assert head.post(address, headers=HTMX).status_code == 204
    assert made.items.count() == 8
    far = reverse("deals:schedule_draw_up", args=[half.year + 1, half.half])
    assert head.post(far, headers=HTMX).status_code == 422
    signed_in(cast.director).post(address, headers=HTMX)
    assert ReconciliationSchedule.objects.count() == 2
    assert signed_in(cast.manager).post(address, headers=HTMX).status_code == 403


def schedule_of(cast, half):
    generate_schedules(half)
    return ReconciliationSchedule.objects.get(org_unit=cast.department, half=half.half)


def test_a_draft_is_corrected_approved_and_taken_back(cast, clients, today):
    half = Half.of(today).following
    draft, head = schedule_of(cast, half), signed_in(cast.department_head)
    html = page(cast.department_head, "schedule_detail", draft.pk)
    assert f"{half.approve_by:%d.%m.%Y}" in html
    first = draft.items.filter(client=clients["Пион"]).earliest("as_of")
    move = reverse("deals:reconciliation_move", args=[first.pk])
    cancel = reverse("deals:reconciliation_cancel", args=[first.pk])
    assert move in html
    after_headers = html.split("hx-headers=")[-1].split(">", 1)[1]
    assert after_headers.startswith("</div>"), "a dialog inside would be asked for as a whole page"
    assert move not in page(cast.manager2, "schedule_detail", draft.pk)
    day = first.as_of - 5 * DAY
    assert head.post(move, {"version": 1, "as_of": day}, headers=HTMX).status_code == 204
    assert head.post(move, {"version": 1, "as_of": day}, headers=HTMX).status_code == 409
    assert head.post(cancel, {"version": 2}, headers=HTMX).status_code == 422
    typed = {"version": 2, "reason": "Нет оборотов"}
    assert head.post(cancel, typed, headers=HTMX).status_code == 204
    first.refresh_from_db()
    assert (first.as_of, first.state, first.cancel_reason) == (day, "cancelled", "Нет оборотов")
    late = bought(cast.manager, "Мак")
    add = reverse("deals:schedule_add", args=[draft.pk])
    typed = {"client": late.code, "as_of": half.first + DAY}
    assert head.post(add, typed | {"as_of": today}, headers=HTMX).status_code == 422
    assert head.post(add, typed, headers=HTMX).status_code == 204
    assert draft.items.get(client=late).as_of == half.first + DAY
    version = {"version": draft.version}
    approve = reverse("deals:schedule_approve", args=[draft.pk])
    assert head.post(approve, version, headers=HTMX).status_code == 204
    assert head.post(approve, version, headers=HTMX).status_code == 409, "done already"
    html = page(cast.department_head, "schedule_detail", draft.pk)
    reopen = reverse("deals:schedule_reopen", args=[draft.pk])
    assert reopen in html
    assert approve not in html
    draft.refresh_from_db()
    assert head.post(reopen, {"version": draft.version}, headers=HTMX).status_code == 204
    assert "Утвердить график" in page(cast.department_head, "schedule_detail", draft.pk)
    assert head.get(reverse("deals:schedule_history", args=[draft.pk])).status_code == 200
    page(cast.stranger_head, "schedule_detail", draft.pk, status=404)


def test_plan_and_fact_add_up_and_each_number_leads_to_its_rows(cast, clients):
    running, today = reconciliations.schedule(cast), date(2026, 11, 2)
    ours, theirs = (running.items.filter(client=clients[name]) for name in ("Ландыш", "Пион"))
    first, second = ours.order_by("as_of")[:2]
    sent = {"state": "sent", "sent_on": first.send_by}
    ours.filter(pk=first.pk).update(
        **sent | {"state": "signed"}, signed_on=first.sign_by, manager=cast.manager
    )
    ours.filter(pk=second.pk).update(**sent | {"sent_on": second.send_by + DAY})
    theirs.filter(as_of=date(2026, 12, 31)).update(state="cancelled", cancel_reason="Итог")
    shown = SchedulePage(running, cast.department_head, today)
    figures = [
        (line.manager, line.planned.count, line.sent.count, line.signed.count, line.late.count)
        for line in shown.managers
    ]
    assert figures == [(cast.manager2, 1, 0, 0, 1), (cast.manager, 6, 1, 1, 2)]
    assert [line.total.count for line in shown.categories] == [6, 1, 7]
    september = shown.categories[-1].months[2]
    assert (september.month, september.count) == (date(2026, 9, 1), 2)
    days = {day.day: day for _month, found in shown.calendar for day in found}
    assert (days[first.send_by].send.done, days[first.send_by].send.of) == (1, 1)
    assert not days[first.send_by].send.is_late
    assert days[second.sign_by].sign.is_late
    head = signed_in(cast.department_head)
    links = [
        figure
        for line in shown.managers
        for figure in (line.planned, line.sent, line.signed)
        if figure.count
    ]
    links += [september, shown.categories[-1].total, days[first.send_by].send]
    for figure in links:
        html = head.get(figure.url).content.decode()
        count = getattr(figure, "count", None) or figure.of
        assert f"из {count}" in html, figure.url
    mine = SchedulePage(running, cast.manager, today)
    assert [line.manager for line in mine.managers] == [cast.manager]
    html = page(cast.manager, "schedule_detail", running.pk)
    assert names_in(html, *clients) == {"Ландыш"}
