"""Marks of notices of new prices: taken back with a reason, noted for all found, raced for."""

import threading
from datetime import date, timedelta

import pytest
from django.contrib.messages import get_messages
from django.core.exceptions import PermissionDenied
from django.db import connections, transaction
from django.urls import reverse
from django.utils import timezone

from crm.errors import RuleViolation, StaleVersion
from crm.history import verb_label
from deals.actions import price_notices as actions
from deals.actions.price_changes import advance_changes
from deals.actions.price_notices import Mark, mark_notice, mark_notices, take_back_mark
from deals.models import PRICE_NOTICE_BACK, Order, PriceChangeNotice, PriceNoticeState
from deals.views import price_notices as views
from tests.approvals.racing import race, somebody_waits_for_a_row
from tests.cast import assemble, fresh, signed_in
from tests.factories import clients, deals, orders, prices
from tests.standing import standing

DAY = timedelta(days=1)
TODAY, SINCE = date(2026, 11, 10), date(2026, 12, 1)
REACH = {
    "sent": (("sent", {}),),
    "delivered": (("sent", {"received": True}),),
    "failed": (("sent", {}), ("failed", {})),
    "acknowledged": (("sent", {}), ("acknowledged", {})),
}
FACTS = {
    "pending": ("", None, None, None, ""),
    "sent": ("email", TODAY, None, None, ""),
    "delivered": ("email", TODAY, TODAY, None, ""),
}


@standing
def tea(db):
    return deals.product(sku="ЧАЙ-01", name="Чай чёрный")


@standing
def notice(cast, tea):
    return the_notice(cast, tea)


def the_notice(cast, tea):
    """One client of the manager, to be told by 17 November."""
    client = prices.buyer(cast.manager, tea, client=clients.client(cast.manager, name="Ромашка"))
    prices.told(cast, {tea: ("100", "110")}, since=SINCE, today=TODAY)
    return PriceChangeNotice.objects.get(client=client)


def noted(notice, by, state, **more):
    mark = Mark(state, TODAY, **{"channel": "email", "reason": "Нет адреса"} | more)
    return mark_notice(notice.pk, mark, by=by, version=None, today=TODAY)


def taken_back(notice, by, reason="Не тот клиент"):
    notice.refresh_from_db()
    return take_back_mark(notice.pk, by=by, version=notice.version, reason=reason)


def test_a_mark_is_taken_back_one_step_with_its_facts_and_the_reason_stays_in_the_history(
    cast, notice
):
    assert set(PRICE_NOTICE_BACK) == set(PriceNoticeState.values)
    for state, steps in REACH.items():
        with transaction.atomic():
            for step, more in steps:
                noted(notice, cast.manager, step, **more)
            back = taken_back(notice, cast.sector_head)
            assert {back.state} == PRICE_NOTICE_BACK[state]
            facts = (back.channel, back.sent_on, back.delivered_on, back.acknowledged_on)
            assert (*facts, back.fail_reason) == FACTS[back.state]
            last = back.events.order_by("-pgh_id").first()
            assert (last.back_reason, last.marked_by) == ("Не тот клиент", cast.sector_head)
            assert last.pgh_context["verb"] == "price_notice.taken_back"
            transaction.set_rollback(True)
    assert verb_label("price_notice.taken_back")


def test_nothing_an_empty_reason_an_old_page_and_a_stranger_take_nothing_back(cast, notice):
    with pytest.raises(RuleViolation):
        taken_back(notice, cast.manager)
    noted(notice, cast.manager, "sent")
    with pytest.raises(RuleViolation) as refusal:
        taken_back(notice, cast.manager, " ")
    assert refusal.value.field == "reason"
    with pytest.raises(StaleVersion):
        take_back_mark(notice.pk, by=cast.manager, version=1, reason="Нет")
    with pytest.raises(PermissionDenied):
        taken_back(notice, cast.director)
    again = noted(taken_back(notice, cast.manager), cast.manager, "sent")
    assert (again.state, again.back_reason) == ("sent", "")


def test_what_the_client_has_ordered_by_is_not_taken_back(cast, tea, notice):
    """A draft, a cancelled order, another price, day or client rely on nothing."""
    noted(notice, cast.manager, "sent", received=True)
    given = {"by": cast.manager, "on": SINCE, "price": "110.00"}
    order, other = (
        orders.draft(client, {tea: 1}, **given)
        for client in (notice.client, clients.client(cast.manager))
    )
    rows = Order.objects.filter(pk=order.pk)
    now = timezone.now()
    fine = {"state": "on_hold", "hold_reasons": ["limit"], "submitted_at": now}
    Order.objects.filter(pk=other.pk).update(**fine)
    for change in (
        {"state": "draft", "submitted_at": None, "hold_reasons": []},
        {"state": "cancelled", "cancel_reason": "Нет", "hold_reasons": []},
        fine | {"price_kind": "wholesale", "cancel_reason": ""},
        fine | {"price_kind": "base", "dated_on": SINCE - DAY},
    ):
        with transaction.atomic():
            rows.update(**change)
            assert taken_back(notice, cast.manager).state == "sent"
            transaction.set_rollback(True)
    rows.update(**fine)
    with pytest.raises(RuleViolation, match=order.number):
        taken_back(notice, cast.manager)
    noted(notice, cast.manager, "acknowledged")
    assert taken_back(notice, cast.manager).state == "delivered"


def test_the_page_takes_a_mark_back_and_shows_why(cast, notice):
    url = reverse("deals:price_notice_back", args=[notice.pk])
    manager = signed_in(cast.manager)
    assert url not in manager.get(notice.get_absolute_url()).text
    noted(notice, cast.manager, "sent")
    assert url in manager.get(notice.get_absolute_url()).text
    assert url not in signed_in(cast.director).get(notice.get_absolute_url()).text
    assert manager.post(url, {"version": 2}).status_code == 422
    assert manager.post(url, {"version": 2, "reason": "Ошибся строкой"}).status_code == 302
    assert "Ошибся строкой" in manager.get(notice.get_absolute_url()).text


def several(cast, tea, count):
    """As many notices to clients of the manager, one of them sent already."""
    for number in range(count):
        client = clients.client(cast.manager, name=f"Клиент {number:02d}")
        prices.buyer(cast.manager, tea, client=client)
    advance_changes(today=TODAY)
    found = list(PriceChangeNotice.objects.order_by("client__sort_key"))
    noted(found[0], cast.manager, "sent")
    return found


def test_all_found_are_noted_at_once_beyond_the_page_and_refusals_are_named(
    cast, tea, notice, monkeypatch
):
    """Chunks of two; three of the four on the list are found by the filter."""
    monkeypatch.setattr(actions, "AT_ONCE", 2)
    several(cast, tea, 3)
    manager, url = signed_in(cast.manager), reverse("deals:price_notices_mark", args=["sent"])
    query = f"change={notice.change_id}&size=25"
    asked = manager.get(url, {"found": query}, headers={"HX-Request": "true"})
    hidden = {name: asked.context["form"][name].value() for name in ("found", "expected", "ids")}
    assert hidden == {"found": query, "expected": 4, "ids": None}
    typed = {"on": f"{timezone.localdate()}", "channel": "edi", **hidden, "ids": ""}
    assert manager.post(url, typed | {"expected": 3}).status_code == 422
    assert manager.post(url, typed | {"found": "size=25"}).status_code == 422
    assert manager.post(url, typed | {"found": "nonsense=1"}).status_code == 422
    monkeypatch.setattr(views, "MOST_FOUND", 3)
    assert manager.post(url, typed).status_code == 422
    monkeypatch.setattr(views, "MOST_FOUND", 4)
    answer = manager.post(url, typed)
    said = [str(one) for one in get_messages(answer.wsgi_request)]
    assert [("Клиент 00" in words) for words in said] == [False, True], said
    states = PriceChangeNotice.objects.values_list("channel", flat=True)
    assert sorted(states) == ["edi", "edi", "edi", "email"]


def test_the_bar_offers_all_found_only_where_there_is_more_than_a_page(cast, tea, notice):
    several(cast, tea, 27)
    listed = reverse("deals:price_notice_list")
    query = f"change={notice.change_id}"
    manager = signed_in(cast.manager)
    assert 'name="found"' in manager.get(f"{listed}?{query}").text
    assert 'name="found"' not in manager.get(f"{listed}?{query}&size=50").text
    assert 'name="found"' not in manager.get(listed).text


def test_all_found_leaves_out_what_another_manager_tells(cast, tea, notice):
    prices.buyer(cast.manager2, tea, client=clients.client(cast.manager2))
    advance_changes(today=TODAY)
    ids = [row.pk for row in PriceChangeNotice.objects.all()]
    mark = Mark("sent", TODAY, "email")
    answers = mark_notices(ids, mark, by=cast.manager, today=TODAY)
    assert [one.client for one in answers] == ["Ромашка"]
    assert PriceChangeNotice.objects.filter(state="sent").count() == 1


class TestRaces:
    """Two people at one notice, each in a thread with a connection of its own."""

    @pytest.fixture
    def cast(self, committed_db):
        return assemble()

    @pytest.fixture
    def notice(self, cast):
        return the_notice(cast, deals.product())

    def test_of_two_people_who_mark_at_once_one_is_told_that_the_page_is_old(self, cast, notice):
        def sends(person, channel):
            mark = Mark("sent", TODAY, channel)
            return lambda: mark_notice(notice.pk, mark, by=fresh(person), version=1, today=TODAY)

        found = race(sends(cast.manager, "email"), sends(cast.sector_head, "phone"))
        lost = [one for one in found if isinstance(one, Exception)]
        assert [type(one) for one in lost] == [StaleVersion]
        (won,) = [one for one in found if not isinstance(one, Exception)]
        notice.refresh_from_db()
        assert (notice.state, notice.version) == ("sent", 2)
        assert (notice.channel, notice.marked_by) == (won.channel, won.marked_by)
        assert notice.events.filter(state="sent").count() == 1

    def test_many_at_once_name_what_another_has_just_marked(self, cast, notice):
        """No version is compared there: the state under the lock refuses."""
        mark = Mark("sent", TODAY, "email")

        def all_of(person):
            return lambda: mark_notices([notice.pk], mark, by=fresh(person), today=TODAY)

        found = race(all_of(cast.manager), all_of(cast.sector_head))
        assert sorted(bool(answers[0].refusal) for answers in found) == [False, True]
        assert notice.events.filter(state="sent").count() == 1

    def test_the_second_waits_for_the_row_and_decides_by_what_the_first_wrote(self, cast, notice):
        said = []

        def marks():
            try:
                mark = Mark("sent", TODAY, "phone")
                mark_notice(notice.pk, mark, by=fresh(cast.manager), version=1, today=TODAY)
            except StaleVersion:
                said.append("stale")
            finally:
                connections.close_all()

        with transaction.atomic():
            mark = Mark("sent", TODAY, "email")
            mark_notice(notice.pk, mark, by=cast.sector_head, version=1, today=TODAY)
            thread = threading.Thread(target=marks)
            thread.start()
            assert somebody_waits_for_a_row("deals_pricechangenotice")
            assert said == []
        thread.join(timeout=20)
        assert said == ["stale"]
