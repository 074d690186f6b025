"""Changes of prices: who is to be told by which day, what is noted, who is reminded (PRICE-1)."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from clients.contacting.next_step import Moment, find_reasons
from clients.models import Client
from crm.errors import RuleViolation, StaleVersion
from crm.notices.models import Notice
from crm.work.periodic import run_due
from deals.actions.price_changes import advance_changes, prepare_new_changes
from deals.actions.price_notices import Mark, mark_notice, mark_notices
from deals.models import PRICE_NOTICE_MOVES, PriceChange, PriceChangeNotice, PriceNoticeState
from deals.pricing.price_changes import change_of, old_prices
from deals.tasks.prices import price_change_notices
from tests.factories import clients, contracts, deals, orders, prices
from tests.kernel.shared_files import shared_example
from tests.standing import standing

D = Decimal
DAY = timedelta(days=1)
TODAY, SINCE = date(2026, 11, 10), date(2026, 12, 1)
LAST = SINCE - 14 * DAY


@standing
def tea(db):
    return deals.product(sku="ЧАЙ-01", name="Чай чёрный")


@standing
def client(cast, tea):
    """Was shipped tea in October."""
    return prices.buyer(cast.manager, tea)


def told_of(change, client):
    return PriceChangeNotice.objects.get(change=change, client=client)


def noted(notice, by, state, on, **more):
    notice.refresh_from_db()
    mark = Mark(state, on, **{"channel": "email", "reason": "Нет адреса"} | more)
    return mark_notice(notice.pk, mark, by=by, version=notice.version, today=on)


def test_price_1_counts_the_days_between_the_notice_and_the_new_prices(cast, tea):
    example = shared_example("PRICE-1")
    change = prices.change(cast, {tea: ("100", "110")}, since=date(2026, 12, 1))
    for case, expected in zip(example["input"], example["expected"], strict=True):
        day = date.fromisoformat(case["notified"])
        assert case["effective"] == f"{change.effective_from}"
        buyer = prices.buyer(cast.manager, tea)
        advance_changes(today=TODAY)
        notice = told_of(change, buyer)
        noted(notice, cast.manager, "sent", day, received=True)
        assert (change.effective_from - day).days == expected["days"]
        notice.refresh_from_db()
        assert notice.in_time is expected["ok"]
        found = PriceChangeNotice.objects.filter(pk=notice.pk)
        assert (found.in_time().exists(), found.late(day).exists()) == (
            expected["ok"], not expected["ok"],
        )  # fmt: skip


def test_told_are_those_who_bought_a_changed_product_lately_at_this_kind_of_price(cast, tea):
    cup, chains = deals.product(), clients.client(cast.manager, kind="chain")
    bought = prices.buyer(cast.manager, tea)
    ordered = clients.client(cast.manager2)
    orders.draft(ordered, {tea: 1}, by=cast.manager2, on=TODAY)
    others = {
        "another product": prices.buyer(cast.manager, cup),
        "long ago": prices.buyer(cast.manager, tea, on=TODAY - 181 * DAY),
        "in a chain": prices.buyer(cast.manager, tea, client=chains),
        "at wholesale prices": prices.buyer(cast.manager, tea),
        "archived": prices.buyer(cast.manager, tea),
        "has bought nothing": clients.client(cast.manager),
    }
    wholesale = others["at wholesale prices"]
    orders.draft(wholesale, {cup: 1}, by=cast.manager, on=TODAY, price_kind="wholesale")
    gone = Client.objects.filter(pk=others["archived"].pk)
    gone.update(archived_at=timezone.now(), status="archived")
    change = prices.change(cast, {tea: ("100", "110"), cup: ("5", "5")}, since=SINCE)
    assert change.prices_changed == 1
    preview = change_of(change.price_list).clients(TODAY)
    assert prepare_new_changes(today=TODAY) == 2
    told = {notice.client for notice in change.notices.select_related("client")}
    assert told == {bought, ordered} == set(preview), others


def test_a_longer_term_of_the_contract_holds_a_shorter_one_does_not(cast, tea, client):
    longer, shorter, over = (prices.buyer(cast.manager, tea) for _ in range(3))
    for one, days, state in ((longer, 30, "active"), (shorter, 3, "active"), (over, 60, "expired")):
        deals.contract(one, price_notice_days=days, state=state, is_imported=True)
    change = prices.told(cast, {tea: ("100", "110")}, since=SINCE, today=TODAY)
    days = {one: told_of(change, one).due_on for one in (longer, shorter, over, client)}
    assert days == {longer: SINCE - 30 * DAY, shorter: LAST, over: LAST, client: LAST}


def test_a_list_that_changes_nothing_or_is_the_first_begins_no_change(cast, tea, client):
    first = deals.price_list(cast.director, {tea: "100"}, approved_by=cast.director)
    same = deals.price_list(cast.director, {tea: "100"}, approved_by=cast.director, since=SINCE)
    assert not PriceChange.objects.exists()
    assert (change_of(first), change_of(same)) == (None, None)


def test_the_task_runs_twice_late_and_after_an_outage_without_a_second_notice(cast, tea, client):
    change = prices.change(cast, {tea: ("100", "110")}, since=TODAY + 4 * DAY)
    at = datetime(2026, 11, 10, 7, 20, tzinfo=UTC)
    assert [run_due(at, only="new_price_changes") for _twice in range(2)] == [1, 0]
    assert [row.client for row in change.notices.all()] == [client]
    change.refresh_from_db()
    assert (change.state, change.effective_at) == ("notifying", None)
    newcomer = prices.buyer(cast.manager, tea)
    assert [price_change_notices(today=TODAY) for _twice in range(2)] == [1, 0]
    assert run_due(at, only="price_change_notices") == 1
    assert run_due(at + 2 * DAY, only="price_change_notices") == 2
    change.refresh_from_db()
    assert change.state == "notifying"
    assert run_due(at + 5 * DAY, only="price_change_notices") == 3
    assert run_due(at + 5 * DAY, only="price_change_notices") == 0
    change.refresh_from_db()
    assert (change.state, change.version) == ("effective", 3)
    assert {row.client for row in change.notices.all()} == {client, newcomer}


REACH = {
    "pending": (),
    "sent": (("sent", {}),),
    "delivered": (("sent", {"received": True}),),
    "failed": (("sent", {}), ("failed", {})),
    "acknowledged": (("sent", {}), ("acknowledged", {})),
}
PAIRS = [
    (state, wanted)
    for state in PriceNoticeState.values
    for wanted in PriceNoticeState.values
    if wanted != "pending"
]


@standing
def notice(cast, tea, client):
    change = prices.told(cast, {tea: ("100", "110")}, since=SINCE, today=TODAY)
    return told_of(change, client)


def test_only_the_moves_of_the_map_are_made(cast, notice):
    assert set(REACH) == set(PRICE_NOTICE_MOVES) == set(PriceNoticeState.values)
    for state, wanted in PAIRS:
        with transaction.atomic():
            for step, more in REACH[state]:
                noted(notice, cast.manager, step, TODAY, **more)
            if wanted in PRICE_NOTICE_MOVES[state]:
                assert noted(notice, cast.manager, wanted, TODAY).state == wanted
            else:
                with pytest.raises(RuleViolation):
                    noted(notice, cast.manager, wanted, TODAY)
            transaction.set_rollback(True)


def test_what_was_sent_again_keeps_nothing_of_the_failure(cast, notice):
    noted(notice, cast.manager, "sent", TODAY)
    noted(notice, cast.manager, "failed", TODAY)
    again = noted(notice, cast.manager, "sent", TODAY + DAY, channel="courier")
    assert (again.state, again.channel, again.sent_on) == ("sent", "courier", TODAY + DAY)
    done = noted(notice, cast.manager, "acknowledged", TODAY + 2 * DAY)
    assert (done.delivered_on, done.marked_by) == (TODAY + 2 * DAY, cast.manager)


@pytest.mark.parametrize(
    ("mark", "field"),
    [
        (Mark("sent", TODAY + DAY, "email"), "on"),
        (Mark("sent", TODAY - DAY, "email"), "on"),
        (Mark("sent", TODAY, "pigeon"), "channel"),
    ],
)
def test_a_day_to_come_one_before_the_approval_and_no_channel_are_refused(
    cast, notice, mark, field
):
    with pytest.raises(RuleViolation) as refusal:
        mark_notice(notice.pk, mark, by=cast.manager, version=1, today=TODAY)
    assert refusal.value.field == field


def test_steps_go_forward_in_time_and_a_failure_says_why(cast, notice):
    noted(notice, cast.manager, "sent", TODAY + DAY)
    for mark, field in (
        (Mark("delivered", TODAY), "on"),
        (Mark("failed", TODAY + DAY, reason=" "), "reason"),
    ):
        with pytest.raises(RuleViolation) as refusal:
            mark_notice(notice.pk, mark, by=cast.manager, version=2, today=TODAY + DAY)
        assert refusal.value.field == field
    noted(notice, cast.manager, "delivered", TODAY + 3 * DAY)
    with pytest.raises(RuleViolation) as refusal:
        noted(notice, cast.manager, "acknowledged", TODAY + 2 * DAY)
    assert refusal.value.field == "on"
    done = noted(notice, cast.manager, "acknowledged", TODAY + 4 * DAY)
    assert (done.delivered_on, done.acknowledged_on) == (TODAY + 3 * DAY, TODAY + 4 * DAY)


SENT = {"sent_on": TODAY, "channel": "email"}


@pytest.mark.parametrize(
    ("wrong", "name"),
    [
        ({"state": "sent"}, "price_notice_sent_has_day"),
        ({"channel": "email"}, "price_notice_sent_has_day"),
        ({"delivered_on": TODAY}, "price_notice_delivered_has_day"),
        (SENT | {"state": "delivered"}, "price_notice_delivered_has_day"),
        ({"acknowledged_on": TODAY}, "price_notice_acknowledged_has_day"),
        (
            SENT | {"state": "acknowledged", "delivered_on": TODAY},
            "price_notice_acknowledged_has_day",
        ),
        ({"fail_reason": "x"}, "price_notice_failed_says_why"),
    ],
)
def test_the_database_knows_which_facts_a_state_has(notice, wrong, name):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        PriceChangeNotice.objects.filter(pk=notice.pk).update(**wrong)


def test_the_database_ties_the_state_of_a_change_to_its_moments(notice):
    rows = PriceChange.objects.filter(pk=notice.change_id)
    for wrong, name in (
        ({"notices_at": None}, "price_change_notices_have_moment"),
        ({"state": "effective"}, "price_change_in_force_has_moment"),
        ({"prices_changed": 0}, "price_change_changes_something"),
    ):
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            rows.update(**wrong)


def test_the_second_of_two_people_is_told_that_the_notice_has_changed(cast, notice):
    mark = Mark("sent", TODAY, "email")
    mark_notice(notice.pk, mark, by=cast.manager, version=1, today=TODAY)
    with pytest.raises(StaleVersion):
        mark_notice(notice.pk, mark, by=cast.sector_head, version=1, today=TODAY)


def test_the_manager_and_the_heads_note_it_others_do_not(cast, notice):
    mark = Mark("sent", TODAY, "email")
    for person in (cast.director, cast.accountant):
        with pytest.raises(PermissionDenied):
            mark_notice(notice.pk, mark, by=person, version=1, today=TODAY)
    for person in (cast.manager2, cast.stranger_head, cast.marketer):
        assert not PriceChangeNotice.objects.visible_to(person).exists()
        with pytest.raises(PriceChangeNotice.DoesNotExist):
            mark_notice(notice.pk, mark, by=person, version=1, today=TODAY)
    assert mark_notice(notice.pk, mark, by=cast.department_head, version=1, today=TODAY)


def test_many_are_marked_at_once_and_each_refusal_is_named(cast, tea, notice):
    other = prices.buyer(cast.manager, tea, client=clients.client(cast.manager, name="Ёлка"))
    foreign = prices.buyer(cast.stranger, tea)
    advance_changes(today=TODAY)
    done, alien = told_of(notice.change, other), told_of(notice.change, foreign)
    noted(done, cast.manager, "sent", TODAY, received=True)
    mark = Mark("sent", TODAY, "email")
    ids = [notice.pk, done.pk, alien.pk]
    answers = mark_notices(ids, mark, by=cast.manager, today=TODAY)
    assert [(one.client, bool(one.refusal)) for one in answers] == [
        ("Ёлка", True), (notice.client.name, False),
    ]  # fmt: skip
    alien.refresh_from_db()
    assert alien.state == "pending"
    answers = mark_notices(ids[1:2], mark, by=cast.director, today=TODAY)
    assert [one.refusal for one in answers] == ["Вы не работаете с этим клиентом."]


def reasons(cast, today):
    at = Moment.of(datetime(today.year, today.month, today.day, 9, tzinfo=UTC))
    found = find_reasons(Client.objects.filter(manager=cast.manager), at)
    return [reason.label for one in found for reason in one.reasons if reason.rule.rank == 48]


def test_my_day_reminds_before_the_last_day_and_until_the_client_has_it(cast, notice):
    assert reasons(cast, LAST - 6 * DAY) == []
    assert "17.11" in reasons(cast, LAST - 5 * DAY)[0]
    noted(notice, cast.manager, "sent", TODAY)
    assert "17.11" in reasons(cast, LAST + 3 * DAY)[0]
    noted(notice, cast.manager, "delivered", LAST)
    assert reasons(cast, LAST + 3 * DAY) == []


def test_nobody_is_reminded_of_prices_that_are_over(cast, tea, notice):
    later = SINCE + 10 * DAY
    deals.price_list(cast.director, {tea: "110"}, approved_by=cast.director, since=later)
    assert reasons(cast, later - DAY)
    assert reasons(cast, later) == []


def test_heads_learn_once_a_day_how_many_are_late_and_how_many_soon(cast, tea, monkeypatch):
    today = timezone.localdate()
    late, soon = (prices.buyer(cast.manager, tea, on=today) for _ in range(2))
    deals.contract(late, price_notice_days=30)
    prices.change(cast, {tea: ("100", "110")}, since=today + 16 * DAY)
    for _twice in range(2):
        price_change_notices(today=today)
    told = Notice.objects.filter(kind="prices.to_tell", channel="ui")
    assert {one.user for one in told} == {cast.sector_head, cast.department_head}, soon
    assert {(one.params["late"], one.params["soon"]) for one in told} == {(1, 1)}
    price_change_notices(today=today - DAY)
    assert told.count() == 2


def test_the_old_prices_hold_until_the_days_after_the_notice_are_over(cast, tea, notice):
    client = notice.client
    assert old_prices(client.pk, "base", SINCE - DAY) is None
    untold = old_prices(client.pk, "base", SINCE)
    assert (untold.until, untold.lead_days) == (None, 14)
    assert old_prices(client.pk, "chain", SINCE) is None
    noted(notice, cast.manager, "sent", LAST + DAY, received=True)
    assert old_prices(client.pk, "base", SINCE).until == SINCE
    assert old_prices(client.pk, "base", SINCE + DAY) is None


def test_prices_are_compared_by_size_half_up(cast, tea, client):
    cup, hat = deals.product(), deals.product()
    change = prices.change(
        cast, {tea: ("100.00", "100.13"), cup: ("800.00", "799.00"), hat: ("3", "4")}, since=SINCE
    )
    lines = change_of(change.price_list).lines.with_change().order_by("-size")
    shown = [(line.product, line.difference, line.percent.normalize()) for line in lines]
    assert shown == [
        (hat, D(1), D("33.33")), (tea, D("0.13"), D("0.13")), (cup, D(-1), D("-0.13")),
    ]  # fmt: skip
    goods = change_of(change.price_list).goods_of(client.pk, TODAY)
    assert [line.product for line in goods] == [tea]


def test_the_contract_says_the_days_on_paper_and_an_addendum_changes_them(cast, client):
    from deals.papers.contract import values_of

    contract = contracts.draft(client, cast.manager, price_notice_days=30)
    assert values_of(contract)["price_notice"] == "30 календарных дней"
