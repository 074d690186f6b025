"""Two windows on one thing: the later one reads whose change it would overwrite (G-RL9)."""

from datetime import date

from django.urls import reverse

from crm.work import actions
from crm.work.models import CalendarDay
from deals.actions.orders import OrderHead, edit_order
from tests.cast import signed_in
from tests.factories import accounts, clients, deals, orders, registration

HTMX = {"HX-Request": "true"}
DAY = date(2026, 6, 10)  # an ordinary Wednesday


def shown(window, url):
    form = window.get(url, headers=HTMX).context["form"]
    return {one.html_name: one.value() or "" for one in form}


def test_a_day_of_the_calendar_is_not_overwritten_unseen(cast):
    other = accounts.user(role="admin", org_unit=cast.company, last_name="Второй")
    window = signed_in(cast.admin)
    url = reverse("work:calendar_day", args=[DAY.year, DAY.month, DAY.day])
    typed = shown(window, url) | {"kind": "short", "note": "Предпраздничный"}
    actions.change_calendar_day(DAY, kind="off", note="Указ", by=other)
    late = window.post(url, typed, headers=HTMX)
    page = late.content.decode()
    assert late.status_code == 409
    assert other.short_name in page
    lines = {(one.label, one.saved, one.typed) for one in late.context["differences"]}
    assert ("Почему", "Указ", "Предпраздничный") in lines
    assert CalendarDay.objects.get(pk=DAY).kind == "off"
    again = {one.html_name: one.value() or "" for one in late.context["form"]}
    assert window.post(url, again, headers=HTMX).status_code == 204
    assert CalendarDay.objects.get(pk=DAY).note == "Предпраздничный"


def test_a_setting_says_who_has_set_it_meanwhile(cast):
    key = "stop.head_days"
    url = reverse("work:setting_edit", args=[key])
    window = signed_in(cast.director)
    actions.change_setting(key, value=9, by=cast.admin, version=0)
    late = window.post(url, {"value": "5", "version": "0"}, headers=HTMX)
    assert late.status_code == 409
    assert cast.admin.short_name in late.content.decode()
    assert 'value="5"' in late.content.decode()


def test_answers_of_a_sheet_are_not_lost_and_not_overwritten_unseen(cast):
    client = clients.client(cast.manager, category="B")
    sheet = registration.sheet(client, cast.department_head)
    url = f"{sheet.get_absolute_url()}save/"
    first, second = signed_in(cast.sector_head), signed_in(cast.manager)
    assert (
        first.post(url, {"version": "1", "q_potential": "120000"}, headers=HTMX).status_code == 200
    )
    typed = {"version": "1", "q_potential": "90000"}
    late = second.post(url, typed, headers=HTMX)
    page = late.content.decode()
    assert late.status_code == 409
    assert cast.sector_head.short_name in page
    assert "120" in page.partition("<ins>")[2]
    assert "required_count" not in page
    assert 'name="version" value="2"' in page
    assert second.post(url, typed | {"version": "2"}, headers=HTMX).status_code == 200
    assert registration.current(sheet).answers["potential"] == "90000"


def test_an_order_says_whose_lines_it_would_overwrite(cast):
    client, tea = clients.client(cast.manager), deals.product()
    order = orders.draft(client, {tea: 10}, by=cast.manager)
    edit_order(
        order.pk, by=cast.sector_head, version=order.version, head=OrderHead(client),
        goods=orders.goods({tea: 25}), today=orders.TODAY,
    )  # fmt: skip
    window, url = signed_in(cast.manager), reverse("deals:order_edit", args=[order.pk])
    page = window.get(url)
    editor = page.context["editor"]
    typed = {one.html_name: one.value() or "" for one in editor.head}
    line = {"product": f"{tea.sku} · {tea.name}", "quantity": "12", "price": "100"}
    typed |= {"version": str(order.version), "lines": "1"}
    typed |= {f"line-0-{name}": value for name, value in line.items()}
    late = window.post(url, typed)
    assert late.status_code == 409
    told = late.content.decode()
    assert cast.sector_head.short_name in told
    assert "<del>10</del>" in told
    assert "<ins>25</ins>" in told
