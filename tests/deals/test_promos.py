"""Promos: who plans and approves them, the clock, the discount they give, their effect (DL-14)."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from crm.approvals import actions as approvals
from crm.approvals.models import Approval
from crm.errors import RuleViolation, StaleVersion
from crm.notices.models import Notice
from crm.states import check_move
from deals.actions import promo_moves as moves
from deals.actions import promos as actions
from deals.actions.posting import reverse_shipment
from deals.conditions.discounts import refuse_discounts
from deals.models import PROMO_MOVES, ProductGroup, PromoCampaign, PromoGoods, PromoState
from deals.ordering.order_goods import Goods
from deals.promos.promo_effect import Figures, effect_of, figures_of, sales_of
from tests.cast import signed_in
from tests.factories import clients, deals, promos
from tests.guarding import forbidden, refused
from tests.kernel.shared_files import shared_example
from tests.standing import standing

D, DAY = Decimal, timedelta(days=1)
TODAY = timezone.localdate()
SEEN = PromoCampaign.objects
HTMX = {"HX-Request": "true"}


@standing
def client(cast):
    return clients.client(cast.manager, category="A", name="ООО «Ромашка»", channel="Сети")


def values(**more):
    own = {
        "name": "Осенняя полка", "kind": "discount", "mechanics": "Скидка на ряд",
        "discount_pct": D(10), "starts_on": TODAY, "ends_on": TODAY + 13 * DAY,
        "planned_sales": D(200_000), "planned_costs": {"materials": D(8000)},
    }  # fmt: skip
    return actions.PromoValues(**own | more)


def draft(by, **more):
    return actions.create_promo(values(**more), by=by, key=uuid4(), today=TODAY)


def decide(promo, by, decision="approve", comment="", today=TODAY):
    approval = Approval.objects.of(promo).running().get()
    approvals.decide(
        approval.pk, by=by, decision=decision, comment=comment, version=approval.version,
        target_version=approval.target_version, today=today,
    )  # fmt: skip
    return SEEN.get(pk=promo.pk)


def sent(by, **more):
    promo = draft(by, **more)
    actions.submit_promo(promo.pk, by=by, version=promo.version, today=TODAY)
    return SEEN.get(pk=promo.pk)


# --- the way -------------------------------------------------------------------------------------


def test_the_head_plans_marketing_approves_and_the_clock_begins_and_ends(cast):
    promo = sent(cast.department_head, starts_on=TODAY + DAY, ends_on=TODAY + 2 * DAY)
    with pytest.raises((PermissionDenied, Approval.DoesNotExist)):
        decide(promo, cast.director)
    promo = decide(promo, cast.marketer)
    assert (promo.state, promo.approved_by) == ("approved", cast.marketer)
    assert moves.turn_promos(today=TODAY) == 0
    assert moves.turn_promos(today=TODAY + DAY) == 1
    assert moves.turn_promos(today=TODAY + DAY) == 0
    assert SEEN.get().state == "running"
    assert moves.turn_promos(today=TODAY + 2 * DAY) == 0  # the last day is inside
    assert moves.turn_promos(today=TODAY + 3 * DAY) == 1
    assert SEEN.get().state == "finished"
    assert Notice.objects.filter(user=cast.department_head, kind="promo.finished").exists()


def test_after_an_outage_a_promo_begins_and_ends_in_one_run(cast):
    promos.promo(cast.department_head, state="approved", approver=cast.marketer)
    assert moves.turn_promos(today=TODAY + 30 * DAY) == 2
    assert SEEN.get().state == "finished"


def test_what_marketing_returns_is_a_draft_and_one_of_today_runs_at_once(cast):
    promo = decide(sent(cast.department_head), cast.marketer, "return", "Мало данных")
    assert promo.state == "draft"
    page = signed_in(cast.department_head).get(promo.get_absolute_url()).content.decode()
    assert "Мало данных" in page
    actions.submit_promo(promo.pk, by=cast.department_head, version=promo.version, today=TODAY)
    assert decide(promo, cast.marketer).state == "running"


def test_a_promo_whose_days_are_gone_is_not_approved(cast):
    promo = sent(cast.department_head)
    with pytest.raises(RuleViolation):
        decide(promo, cast.marketer, today=promo.ends_on + DAY)


@pytest.mark.parametrize("role", ["manager", "sector_head", "marketer", "accountant", "stranger"])
def test_others_plan_none(cast, role):
    with pytest.raises(PermissionDenied):
        draft(getattr(cast, role))


def test_the_promo_of_one_department_is_not_seen_in_another(cast):
    promo = promos.promo(cast.department_head)
    company = promos.promo(cast.director, org_unit=None)
    both, own = {promo.pk, company.pk}, {company.pk}
    seen = {
        "manager": both, "sector_head": both, "department_head": both, "director": both,
        "accountant": both, "marketer": both, "stranger": own, "stranger_head": own,
        "logistics": set(), "purchasing": set(), "admin": set(),
    }  # fmt: skip
    for person, wanted in seen.items():
        rows = SEEN.visible_to(getattr(cast, person))
        assert set(rows.values_list("pk", flat=True)) == wanted, person
    with pytest.raises(PermissionDenied):  # of the company: seen, and not the head's to change
        actions.cancel_promo(company.pk, by=cast.department_head, version=1, reason="Нет")
    assert actions.cancel_promo(promo.pk, by=cast.director, version=1, reason="Нет")
    other = promos.promo(cast.stranger_head)
    with pytest.raises(PromoCampaign.DoesNotExist):
        actions.edit_promo(other.pk, values(), by=cast.department_head, version=1, today=TODAY)


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"ends_on": TODAY - DAY, "starts_on": TODAY - 2 * DAY}, "ends_on"),
        ({"ends_on": TODAY - DAY}, "ends_on"),
        ({"ends_on": TODAY + 186 * DAY}, "ends_on"),
        ({"discount_pct": D(0)}, "discount_pct"),
    ],
)
def test_what_makes_no_sense_is_refused_at_its_field(cast, more, field):
    with pytest.raises(RuleViolation) as refusal:
        draft(cast.department_head, **more)
    assert (refusal.value.field, SEEN.count()) == (field, 0)
    assert draft(cast.department_head, ends_on=TODAY + 185 * DAY).state == "draft"


def test_clients_of_another_department_take_no_part(cast, client):
    foreign = clients.client(cast.stranger)
    with pytest.raises(RuleViolation) as refusal:
        draft(cast.department_head, clients=[client, foreign])
    assert refusal.value.field == "clients"
    assert draft(cast.director, clients=[client, foreign]).named.count() == 2


@pytest.mark.parametrize(("old", "new"), forbidden(PromoState.values, PROMO_MOVES))
def test_no_move_beyond_the_map(old, new):
    with pytest.raises(RuleViolation):
        check_move(PromoCampaign(state=old), PROMO_MOVES, new)


def test_every_write_locks_the_promo_and_refuses_an_old_page(cast):
    head = cast.department_head
    promo = promos.promo(head)
    table = "deals_promocampaign"
    stale = {"by": head, "version": 7, "today": TODAY}
    for write in (
        lambda: actions.edit_promo(promo.pk, values(), **stale),
        lambda: actions.submit_promo(promo.pk, **stale),
        lambda: actions.cancel_promo(promo.pk, by=head, version=7, reason="Нет"),
        lambda: moves.close_promo(promo.pk, by=head, version=7),
    ):
        refused(StaleVersion, write, table)
    with pytest.raises(PermissionDenied):
        actions.cancel_promo(promo.pk, by=cast.marketer, version=1, reason="Нет")
    with pytest.raises(PermissionDenied):  # nobody closes what was not analysed
        moves.close_promo(promo.pk, by=head, version=1)


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"state": "analysed"}, "promo_analysed_has_effect"),
        ({"state": "running", "approved_by": None}, "promo_approved_has_approver"),
        ({"state": "cancelled"}, "promo_called_off_has_reason"),
        ({"ends_on": TODAY - DAY}, "promo_period_in_order"),
        ({"discount_pct": D(0)}, "promo_of_discount_has_one"),
    ],
)
def test_the_table_refuses_nonsense(cast, change, name):
    promo = promos.promo(cast.department_head, state="approved", approver=cast.marketer)
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        SEEN.filter(pk=promo.pk).update(**change)


# --- the discount --------------------------------------------------------------------------------


def test_a_promo_gives_its_discount_to_its_clients_on_its_goods_in_its_days(cast, client):
    outer = ProductGroup.objects.create(name="Чай")
    inner = ProductGroup.objects.create(name="Зелёный чай", parent=outer)
    tea, coffee = deals.product(group=inner), deals.product()
    promo = promos.promo(
        cast.department_head, state="approved", approver=cast.marketer, discount_pct=D(25),
        categories=["A"], channels=["Сети"],
    )  # fmt: skip
    PromoGoods.objects.create(promo=promo, group=outer, position=0)

    def given(product, to=client, on=TODAY):
        goods = [Goods(product=product, quantity=D(1), discount_pct=D(25))]
        try:
            refuse_discounts(to, goods, by=cast.manager, today=on)
        except RuleViolation:
            return False
        return True

    assert given(tea)
    assert not given(coffee)
    assert given(tea, on=promo.ends_on)
    assert not given(tea, on=promo.ends_on + DAY)
    assert not given(tea, on=promo.starts_on - DAY)
    assert not given(tea, to=clients.client(cast.manager, category="B", channel="Сети"))
    assert not given(tea, to=clients.client(cast.manager, category="A", channel="Опт"))
    assert not given(tea, to=clients.client(cast.stranger, category="A", channel="Сети"))
    promo.named.create(client=clients.client(cast.manager))
    assert not given(tea)  # only who is named
    SEEN.filter(pk=promo.pk).update(state="draft", approved_by=None, approved_at=None)
    promo.named.all().delete()
    assert not given(tea)


# --- the effect ----------------------------------------------------------------------------------


def test_the_effect_is_that_of_the_worked_example():
    example = shared_example("PROMO-1")
    given, wanted = example["input"], example["expected"]
    found = effect_of(
        Figures(
            pre_days=given["pre_days"],
            pre_sales=D(given["pre_sales"]),
            promo_days=given["promo_days"],
            promo_sales=D(given["promo_sales"]),
            promo_cogs=D(given["promo_cogs"]),
            normal_margin_pct=D(given["normal_margin_pct"]),
            costs=sum((D(one) for one in given["costs"].values()), D(0)),
            post_days=given["post_days"],
            post_sales=D(given["post_sales"]),
        )
    )
    assert {name: str(getattr(found, name)) for name in wanted} == wanted


def test_what_is_not_known_is_not_counted():
    new = effect_of(Figures(28, D(0), 14, D(1000), D(50)))
    assert (new.baseline, new.uplift, new.uplift_pct, new.net_effect) == (None,) * 4
    unpriced = effect_of(Figures(28, D(2800), 14, D(2000), D(50), normal_margin_pct=D(30)))
    assert (unpriced.uplift, unpriced.uplift_pct) == (D("600.00"), D("42.86"))
    assert (unpriced.actual_gp, unpriced.net_effect, unpriced.roi_pct) == (None,) * 3
    free = effect_of(Figures(28, D(2800), 14, D(2000), D(0), D(900), D(30)))
    assert (free.net_effect, free.roi_pct) == (D("680.00"), None)
    assert free.post_dip_gp is None


def sold(client, product, amount, on):
    line = {"product": product, "quantity": D(1), "price": D(amount), "amount": D(amount)}
    return deals.sale(client, str(D(amount) + 1000), on=on, lines=[line])


def test_sales_are_those_of_its_goods_clients_and_days_less_what_came_back(cast, client):
    first, last = date(2026, 9, 1), date(2026, 9, 14)
    tea, coffee = deals.product(), deals.product()
    promo = promos.promo(
        cast.department_head, state="finished", approver=cast.marketer, goods=[tea],
        starts_on=first, ends_on=last, categories=["A"],
    )  # fmt: skip
    sold(client, tea, 2800, first - 28 * DAY)
    sold(client, tea, 5, first - 29 * DAY)
    sold(client, tea, 700, first)
    sold(client, tea, 800, last)
    sold(client, coffee, 9000, first)
    sold(clients.client(cast.manager, category="B"), tea, 400, first)
    sold(clients.client(cast.stranger, category="A"), tea, 400, first)
    back = {"product": tea, "quantity": D(1), "price": D(-100), "amount": D(-100)}
    deals.returned(client, "-100.00", on=last, lines=[back])
    mistaken = sold(client, tea, 333, first)
    reverse_shipment(mistaken.pk, by=cast.accountant, on=last, reason="Ошибка учёта")
    sold(client, tea, 650, last + 14 * DAY)
    sold(client, tea, 5, last + 15 * DAY)
    found = sales_of(promo, today=last + 15 * DAY)
    assert (found.before, found.during, found.after) == (D(2800), D(1400), D(650))
    assert sales_of(promo, today=last + 14 * DAY).after is None
    promo.goods.all().delete()
    whole = sales_of(SEEN.get(pk=promo.pk), today=last + 15 * DAY)
    assert whole.during == D(700 + 800 + 9000 + 3000 - 100)  # documents, not only their lines


def analyse(promo, by, **more):
    known = SEEN.get(pk=promo.pk)
    own = {
        "conclusion": "Повторить весной", "margin_pct": D(30), "cost_of_goods": D(1000),
        "actual_costs": {"materials": D(90), "media": D(10)}, "version": known.version,
        "today": TODAY,
    }  # fmt: skip
    return moves.analyse_promo(promo.pk, by=by, **own | more)


def test_an_analysis_keeps_its_figures_and_a_closed_promo_changes_no_more(cast, client):
    tea, last = deals.product(), TODAY - 20 * DAY
    promo = promos.promo(
        cast.department_head, state="finished", approver=cast.marketer, goods=[tea],
        starts_on=last - 13 * DAY, ends_on=last, costs={"materials": D(80)},
    )  # fmt: skip
    sold(client, tea, 2000, promo.starts_on - DAY)
    sold(client, tea, 1600, last)
    with pytest.raises(PermissionDenied):
        analyse(promo, cast.manager)
    with pytest.raises(RuleViolation) as refusal:
        analyse(promo, cast.marketer, conclusion=" ")
    assert refusal.value.field == "conclusion"
    done = analyse(promo, cast.marketer)
    assert (done.state, done.effect["baseline"]) == ("analysed", "1000.00")
    # 1600 − 1000 of goods − 30 % of 1000 usual − 100 of costs.
    assert (done.effect["net_effect"], done.effect["roi_pct"]) == ("200.00", "200.00")
    sold(client, tea, 500, last)
    assert analyse(promo, cast.department_head).effect["promo_sales"] == "2100.00"
    closed = moves.close_promo(promo.pk, by=cast.marketer, version=SEEN.get(pk=promo.pk).version)
    assert closed.state == "closed"
    with pytest.raises(PermissionDenied):
        analyse(promo, cast.marketer)
    url = reverse("reports:report", args=["promo_effects"])
    page = signed_in(cast.marketer).get(url, {"period": "last_12_months"})
    answer = signed_in(cast.marketer).get(url, {"from": last - DAY, "to": TODAY})
    assert page.status_code == 200
    assert "Осенняя полка" in answer.content.decode()
    hidden = signed_in(cast.manager).get(url, {"from": last - DAY, "to": TODAY})
    assert "Осенняя полка" not in hidden.content.decode()


def test_each_figure_of_the_page_leads_to_the_shipments_that_make_it(cast, client):
    tea, last = deals.product(), TODAY - 20 * DAY
    promo = promos.promo(
        cast.department_head, state="finished", approver=cast.marketer, goods=[tea],
        starts_on=last - 13 * DAY, ends_on=last,
    )  # fmt: skip
    for amount, day in ((2000, promo.starts_on - DAY), (1600, last), (300, last + DAY)):
        sold(client, tea, amount, day)
    browser = signed_in(cast.department_head)
    page = browser.get(promo.get_absolute_url()).context["page"]
    for line in page.sales:
        rows = browser.get(line.url).context["page"].result.rows
        assert sum(row["amount"] for row in rows) == line.sales > 0
    own = signed_in(cast.marketer).get(promo.get_absolute_url()).context["page"]
    assert [line.url for line in own.sales] == ["", "", ""]  # sums, but no shipments
    assert not signed_in(cast.manager).get(promo.get_absolute_url()).context["page"].sees_effect


def test_while_a_promo_runs_its_days_so_far_are_held_against_as_many_usual_ones(cast, client):
    tea = deals.product()
    promo = promos.promo(
        cast.department_head, state="running", approver=cast.marketer, goods=[tea],
        starts_on=TODAY - 6 * DAY, ends_on=TODAY + 7 * DAY,
    )  # fmt: skip
    sold(client, tea, 2800, promo.starts_on - DAY)
    sold(client, tea, 700, TODAY)
    figures = figures_of(promo, today=TODAY)
    assert (figures.promo_days, figures.promo_sales, figures.post_sales) == (7, D(700), None)
    assert effect_of(figures).uplift_pct == 0
