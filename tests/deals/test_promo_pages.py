"""Pages of promos: the form, the page, the calendar, the register (DL-14)."""

from datetime import date, timedelta
from decimal import Decimal

from django.urls import reverse
from django.utils import timezone

from crm.approvals.models import Approval
from deals.models import PromoCampaign
from tests.cast import signed_in
from tests.factories import clients, deals, promos
from tests.standing import standing

D, DAY = Decimal, timedelta(days=1)
TODAY = timezone.localdate()
SEEN = PromoCampaign.objects
HTMX = {"HX-Request": "true"}


@standing
def client(cast):
    return clients.client(cast.manager, category="A", name="ООО «Ромашка»", channel="Сети")


def typed(**more):
    return {
        "name": "Весенняя полка", "kind": "discount", "mechanics": "Скидка", "discount_pct": "12,5",
        "starts_on": TODAY, "ends_on": TODAY + 6 * DAY, "planned_sales": "150 000",
        "margin_pct": "", "cost_materials": "1 000", "articles": "", "clients": "", "brand": "",
    } | more  # fmt: skip


def test_a_promo_goes_from_the_form_to_marketing(cast, client):
    tea, browser = deals.product(), signed_in(cast.department_head)
    form = reverse("deals:promo_create")
    wrong = browser.post(form, typed(articles=f"{tea.sku}, НЕТ-1", clients="К-НЕТ"))
    assert wrong.status_code == 422
    assert set(wrong.context["form"].errors) == {"articles", "clients"}
    made = browser.post(form, typed(articles=tea.sku, clients=client.code, categories=["A"]))
    assert made.status_code == 302
    promo = SEEN.get()
    assert (promo.discount_pct, promo.categories) == (D("12.5"), ["A"])
    assert promo.costs.get().planned == D(1000)
    edit = reverse("deals:promo_edit", args=[promo.pk])
    assert tea.sku in browser.get(edit).content.decode()
    assert browser.post(edit, typed(version="1")).status_code == 302
    assert browser.post(edit, typed(version="1")).status_code == 409
    assert (promo.goods.count(), promo.named.count()) == (0, 0)
    act = reverse("deals:promo_act", args=[promo.pk, "submit"])
    assert browser.get(act, headers=HTMX).status_code == 200
    assert browser.post(act, {"version": "2"}, headers=HTMX).status_code == 204
    approval = Approval.objects.of(promo).get()
    shown = signed_in(cast.marketer).get(approval.get_absolute_url())
    assert "Весенняя полка" in shown.content.decode()
    assert browser.get(reverse("deals:promo_act", args=[promo.pk, "nothing"])).status_code == 404


def test_named_clients_are_shown_to_those_alone_who_see_them(cast, client):
    other = clients.client(cast.manager2, name="ООО «Лютик»")
    promo = promos.promo(cast.department_head, clients=[client, other])
    mine = signed_in(cast.manager).get(promo.get_absolute_url()).content.decode()
    assert "Ромашка" in mine
    assert "Лютик" not in mine
    history = reverse("deals:promo_history", args=[promo.pk])
    assert "Лютик" not in signed_in(cast.manager).get(history).content.decode()


def test_the_calendar_has_each_promo_in_every_month_of_its_days(cast):
    year = TODAY.year
    promos.promo(
        cast.department_head, name="Ландыш", starts_on=date(year, 3, 20), ends_on=date(year, 5, 1)
    )
    promos.promo(
        cast.department_head, name="Отменённая", state="cancelled",
        starts_on=date(year, 3, 1), ends_on=date(year, 3, 2),
    )  # fmt: skip
    page = signed_in(cast.manager).get(reverse("deals:promo_calendar")).context["page"]
    names = [[one.name for one in month.promos] for month in page.months]
    assert names == [[], [], ["Ландыш"], ["Ландыш"], ["Ландыш"], *([[]] * 7)]
    url = reverse("deals:promo_calendar")
    assert signed_in(cast.manager).get(url, {"year": "9" * 9}).status_code == 200


def test_the_register_and_the_page_cost_the_same_for_many(
    cast, client, django_assert_max_num_queries
):
    for number in range(8):
        goods = [deals.product(), deals.product()]
        promo = promos.promo(
            cast.department_head, name=f"Акция {number}", goods=goods, clients=[client],
            costs={"materials": D(1), "media": D(2)},
        )  # fmt: skip
    browser = signed_in(cast.manager)
    browser.get(reverse("deals:promo_list"))
    with django_assert_max_num_queries(14):
        assert browser.get(reverse("deals:promo_list")).content.decode().count("Акция ") >= 8
    with django_assert_max_num_queries(16):
        browser.get(promo.get_absolute_url())


def test_the_card_and_the_order_tell_of_a_promo_of_today_to_its_clients_alone(cast, client):
    promo = promos.promo(
        cast.department_head, state="running", approver=cast.marketer, categories=["A"],
        goods=[deals.product(name="Чай весовой")],
    )  # fmt: skip
    other = clients.client(cast.manager, category="B")
    browser, url = signed_in(cast.manager), promo.get_absolute_url()

    def pages(of):
        card = browser.get(reverse("deals:client_terms", args=[of.pk])).content.decode()
        order = browser.get(reverse("deals:order_create"), {"client": of.pk}).content.decode()
        return card, order

    for html in pages(client):
        assert url in html
        assert "Чай весовой" in html
    assert all(url not in html for html in pages(other))
    SEEN.update(state="finished")
    assert all(url not in html for html in pages(client))
