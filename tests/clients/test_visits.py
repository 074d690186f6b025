"""Visits of merchandisers: planned by the norm, agreed with marketing, done, moved, missed."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from clients import hooks
from clients.actions import visits as actions
from clients.actions.outlets import archive_outlet, edit_outlet
from clients.actions.visit_plans import make_visit_plan
from clients.actions.visits import Findings
from clients.guards import outlets_of_person
from clients.models import (
    VISIT_MOVES,
    VISIT_PLAN_MOVES,
    MerchandiserVisit,
    VisitPlan,
    VisitPlanState,
    VisitState,
)
from crm.calendar import month_start
from crm.errors import RuleViolation, StaleVersion
from crm.files.models import Attachment
from crm.states import check_move
from tests.cast import fresh, signed_in
from tests.factories import clients, visits
from tests.guarding import forbidden, locks, refused

TODAY = timezone.localdate()
DAY = timedelta(days=1)
NEXT = month_start(TODAY, 1)


@pytest.fixture
def client(cast):
    return clients.client(cast.manager, category="A", name="ООО «Полка»")


@pytest.fixture
def place(client, cast):
    visits.two_checks()
    return visits.outlet(client, cast.merchandiser, address="Тверь, Новая, 1")


def test_what_is_not_in_the_map_is_refused_and_the_map_has_every_state(db):
    for states, moves, model in (
        (VisitState.values, VISIT_MOVES, MerchandiserVisit),
        (VisitPlanState.values, VISIT_PLAN_MOVES, VisitPlan),
    ):
        assert set(states) == set(moves)
        for old, new in forbidden(states, moves):
            with pytest.raises(RuleViolation):
                check_move(model(state=old), moves, new)


def test_a_visit_is_begun_noted_and_done_with_its_photos(cast, place):
    who, begun = cast.merchandiser, visits.started(place)
    assert [point["key"] for point in begun.checklist] == ["layout", "prices"]
    half = Findings(checks={"layout": False}, comment="Ценников нет")

    def note(found, *, finish, version, by=who):
        return actions.note_findings(
            begun.pk, found, by=by, version=version, now=timezone.now(), finish=finish
        )

    kept = note(half, finish=False, version=2)
    assert (kept.state, kept.comment, kept.checklist[0]["ok"]) == ("planned", "Ценников нет", False)
    with pytest.raises(RuleViolation) as unmarked:
        note(half, finish=True, version=3)
    assert unmarked.value.field == "check_prices"
    whole = visits.findings(begun, comment="Готово", oos_count=None)
    with pytest.raises(RuleViolation) as uncounted:
        note(whole, finish=True, version=3)
    assert uncounted.value.field == "oos_count"
    whole = visits.findings(begun, comment="Готово", oos_count=3)
    with pytest.raises(RuleViolation, match="0"):
        note(whole, finish=True, version=3)
    visits.photo(begun)
    with pytest.raises(StaleVersion):
        note(whole, finish=True, version=2)
    done = note(whole, finish=True, version=3)
    done.refresh_from_db()
    assert (done.state, done.oos_count, done.version) == ("done", 3, 4)
    assert done.finished_at >= done.started_at
    with pytest.raises(RuleViolation):
        note(whole, finish=False, version=4)


def test_goods_out_of_stock_are_counted_among_those_that_must_stand_there(cast, place, monkeypatch):
    goods = [hooks.ShelfGoods("1", "Чай"), hooks.ShelfGoods("2", "Кофе")]
    monkeypatch.setattr(hooks, "_shelf", [lambda client: goods])
    begun = visits.started(place)
    visits.photo(begun)
    for count, enough in ((1, False), (2, True)):
        found = visits.findings(begun, goods={"1": False, "2": False}, oos_count=count)
        more = {"by": cast.merchandiser, "version": 2, "now": timezone.now(), "finish": True}
        if enough:
            assert actions.note_findings(begun.pk, found, **more).state == "done"
            continue
        with pytest.raises(RuleViolation) as refusal:
            actions.note_findings(begun.pk, found, **more)
        assert refusal.value.field == "oos_count"


def test_only_its_merchandiser_begins_a_visit_and_on_its_day_alone(cast, place):
    now, later = timezone.now(), visits.visit(place, on=TODAY + DAY)
    visit = visits.visit(place)

    def start(of, by, version=1):
        return actions.start_visit(of.pk, by=by, version=version, now=now)

    for person in (cast.manager, cast.department_head, cast.marketer, cast.director):
        refused(PermissionDenied, lambda who=person: start(visit, who), "clients_merchandiservisit")
    with pytest.raises(MerchandiserVisit.DoesNotExist):
        start(visit, cast.manager2)
    with pytest.raises(RuleViolation):
        start(later, cast.merchandiser)
    with pytest.raises(StaleVersion):
        start(visit, cast.merchandiser, version=5)
    assert start(visit, cast.merchandiser).started_at == now
    with pytest.raises(RuleViolation):
        start(visit, cast.merchandiser, version=2)
    assert locks(lambda: visits.started(visits.outlet(place.client, cast.merchandiser))) == [
        "clients_merchandiservisit"
    ]


def test_a_visit_is_moved_with_a_reason_and_keeps_its_first_day(cast, place):
    visit = visits.visit(place)
    visits.visit(place, on=TODAY + 3 * DAY)

    def move(days, reason="Учёт", version=1, by=cast.merchandiser):
        return actions.move_visit(
            visit.pk, by=by, version=version, planned_on=TODAY + days * DAY, reason=reason,
            today=TODAY,
        )  # fmt: skip

    for days, reason, field in (
        (1, "  ", "reason"), (0, "Учёт", "planned_on"), (-1, "Учёт", "planned_on"),
        (15, "Учёт", "planned_on"), (3, "Учёт", "planned_on"),
    ):  # fmt: skip
        with pytest.raises(RuleViolation) as refusal:
            move(days, reason)
        assert refusal.value.field == field
    with pytest.raises(PermissionDenied):
        move(1, by=cast.manager)
    assert move(1).moved_from == TODAY
    moved = move(2, "Ещё раз", version=2, by=cast.marketer)
    assert (moved.planned_on, moved.moved_from, moved.move_reason) == (
        TODAY + 2 * DAY, TODAY, "Ещё раз",
    )  # fmt: skip
    begun = visits.started(visits.outlet(place.client, cast.merchandiser))
    with pytest.raises(RuleViolation):
        actions.move_visit(
            begun.pk, by=cast.merchandiser, version=2, planned_on=TODAY + DAY, reason="x",
            today=TODAY,
        )  # fmt: skip


def test_visits_that_the_day_left_open_are_missed_once_of_agreed_plans_alone(cast, place):
    old = visits.visit(place, on=TODAY - DAY)
    visits.visit(place)
    waiting = visits.visit(place, on=TODAY - 2 * DAY, plan=visits.plan())
    assert actions.mark_missed_visits(today=TODAY) == 1
    assert actions.mark_missed_visits(today=TODAY) == 0
    old.refresh_from_db()
    waiting.refresh_from_db()
    assert (old.state, old.version, waiting.state) == ("missed", 2, "planned")
    # A month later everything that was agreed has its end.
    assert actions.mark_missed_visits(today=TODAY + 31 * DAY) == 1


def test_visits_are_put_in_and_called_off_by_those_who_steer_them(cast, place):
    key = uuid4()

    def put_in(by, on=TODAY, whom=cast.merchandiser, key=key):
        return actions.create_visit(
            place.pk, merchandiser=whom, planned_on=on, by=by, key=key, today=TODAY
        )

    for person in (cast.manager, cast.accountant):
        with pytest.raises(PermissionDenied):
            put_in(person)
    with pytest.raises(RuleViolation) as refusal:
        put_in(cast.marketer, whom=cast.manager)
    assert refusal.value.field == "merchandiser"
    made = put_in(cast.marketer)
    assert put_in(cast.marketer).pk == made.pk
    with pytest.raises(RuleViolation) as twice:
        put_in(cast.sector_head, key=uuid4())
    assert twice.value.field == "planned_on"
    with pytest.raises(PermissionDenied):
        actions.cancel_visit(made.pk, by=cast.merchandiser, version=1, reason="Не хочу")
    with pytest.raises(RuleViolation):
        actions.cancel_visit(made.pk, by=cast.sector_head, version=1, reason=" ")
    off = actions.cancel_visit(made.pk, by=cast.sector_head, version=1, reason="Точка закрылась")
    assert (off.state, off.cancel_reason) == ("cancelled", "Точка закрылась")
    assert put_in(cast.sector_head, key=uuid4()).state == "planned"


def test_open_visits_follow_the_outlet_to_its_new_merchandiser_or_end_with_it(cast, place):
    visit, begun = visits.visit(place, on=TODAY + DAY), visits.started(place)
    assert len(outlets_of_person(cast.merchandiser)) == 1
    other = fresh(cast.purchasing)
    other.role = "merchandiser"
    other.save(update_fields=["role"])
    edit_outlet(place.pk, by=cast.manager, version=1, merchandiser=other)
    visit.refresh_from_db()
    begun.refresh_from_db()
    assert (visit.merchandiser, begun.merchandiser) == (other, cast.merchandiser)
    assert outlets_of_person(cast.merchandiser) == []
    archive_outlet(place.pk, by=cast.manager)
    visit.refresh_from_db()
    begun.refresh_from_db()
    assert (visit.state, begun.state) == ("cancelled", "planned")
    assert visit.cancel_reason


def test_who_sees_which_visits(cast, place):
    visits.visit(place)
    visits.visit(visits.outlet(clients.client(cast.stranger), cast.merchandiser))
    wanted = {
        "manager": 1, "manager2": 0, "sector_head": 1, "department_head": 1, "director": 2,
        "general_director": 2, "accountant": 0, "lawyer": 0, "marketer": 2, "logistics": 0,
        "purchasing": 0, "merchandiser": 2, "admin": 0, "stranger": 1, "stranger_head": 1,
    }  # fmt: skip
    seen = {
        name: MerchandiserVisit.objects.visible_to(fresh(getattr(cast, name))).count()
        for name in wanted
    }
    assert seen == wanted


def test_photos_of_a_visit_are_its_merchandisers_and_seen_by_those_who_see_it(cast, place):
    file = visits.photo(visits.started(place))
    seen = {
        name: Attachment.objects.one_visible_to(fresh(getattr(cast, name)), file.pk).exists()
        for name in ("merchandiser", "manager", "marketer", "manager2", "accountant")
    }
    assert seen == {
        "merchandiser": True, "manager": True, "marketer": True, "manager2": False,
        "accountant": False,
    }  # fmt: skip
    with pytest.raises(PermissionDenied):
        visits.photo(visits.visit(visits.outlet(place.client, cast.merchandiser)))


@pytest.mark.parametrize(
    ("wrong", "name"),
    [
        ({"state": "done"}, "visit_done_is_whole"),
        ({"state": "cancelled"}, "visit_called_off_with_reason"),
        ({"moved_from": TODAY}, "visit_moved_with_reason"),
        ({"shelf_share": 101}, "visit_shelf_share_is_a_percentage"),
    ],
)
def test_the_database_knows_what_a_visit_has(place, wrong, name):
    visits.visit(place)
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        MerchandiserVisit.objects.update(**wrong)


def test_the_database_knows_one_visit_a_day_and_its_end_after_its_start(place):
    made = visits.done(place)
    with pytest.raises(IntegrityError, match="visit_once_a_day"), transaction.atomic():
        visits.visit(place)
    with pytest.raises(IntegrityError, match="visit_ends_after_its_start"), transaction.atomic():
        MerchandiserVisit.objects.update(finished_at=made.started_at - DAY)
    with pytest.raises(IntegrityError, match="visit_plan_is_of_a_month"), transaction.atomic():
        visits.plan(month=month_start(TODAY) + DAY)
    with pytest.raises(IntegrityError, match="visit_plan_agreed"), transaction.atomic():
        visits.plan(state="approved")


def test_the_merchandiser_does_the_day_on_the_pages(cast, place):
    http, visit = signed_in(cast.merchandiser), visits.visit(place)
    day = http.get(reverse("clients:visit_today"))
    assert "ООО «Полка»" in day.content.decode()
    page = reverse("clients:visit_detail", args=[visit.pk])
    http.post(reverse("clients:visit_start", args=[visit.pk]), {"version": 1})
    form = http.get(page).content.decode()
    assert 'name="check_layout"' in form
    assert 'capture="environment"' in form
    note = reverse("clients:visit_note", args=[visit.pk])
    empty = http.post(note, {"version": 2, "finish": 1})
    assert empty.status_code == 422
    assert empty.content.decode().count("Отметьте этот пункт") == 2
    visits.photo(MerchandiserVisit.objects.get())
    sent = {"version": 2, "check_layout": "yes", "check_prices": "no", "oos_count": "1"}
    done = http.post(note, sent | {"shelf_share": "30,5", "finish": 1})
    assert done.status_code == 302, done.content.decode()
    visit.refresh_from_db()
    assert (visit.state, float(visit.shelf_share)) == ("done", 30.5)
    assert [point["ok"] for point in visit.checklist] == [True, False]
    seen = signed_in(cast.marketer).get(page).content.decode()
    assert "30,5" in seen
    assert place.client.get_absolute_url() in seen
    assert place.client.get_absolute_url() not in http.get(page).content.decode()


def test_pages_ask_as_much_for_thirty_visits_as_for_one(cast, place, django_assert_max_num_queries):
    plan = make_visit_plan(NEXT, by=cast.department_head, today=TODAY)
    for number in range(30):
        visits.visit(visits.outlet(clients.client(cast.manager), cast.merchandiser), comment=number)
    for person, name, args in (
        (cast.merchandiser, "visit_today", []),
        (cast.merchandiser, "visit_list", []),
        (cast.marketer, "visit_list", []),
        (cast.marketer, "visit_plan_list", []),
        (cast.marketer, "visit_plan_detail", [plan.pk]),
    ):
        http = signed_in(person)
        with django_assert_max_num_queries(12):
            assert http.get(reverse(f"clients:{name}", args=args)).status_code == 200
