"""Control points and spot checks: hidden, drawn by a seed, violations become work (RP-04)."""

import random
from datetime import timedelta
from hashlib import sha256

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import JSONField, Value
from django.urls import reverse
from django.utils.html import escape
from django.utils.translation import override

from crm.accounts.models import User
from crm.assignments.models import WorkItem
from crm.errors import RuleViolation, StaleVersion
from crm.notices.models import Notice
from deals.actions.posting import reverse_shipment
from reports.actions import control as actions
from reports.models import ControlPoint, SpotCheck, SpotCheckItem, Violation
from reports.pages.control import redraw
from reports.parameters import Period
from reports.permissions import control as permissions
from reports.queries.control import results
from reports.sampling.drawing import draw, frame_digest, new_seed
from reports.sampling.sources import get
from tests.cast import everybody, fresh, signed_in
from tests.factories import accounts, clients, control, deals

NOW, TODAY = control.NOW, control.TODAY


def seers(cast, check):
    return {
        name
        for name, one in everybody(cast).items()
        if SpotCheck.objects.visible_to(one).filter(pk=check.pk).exists()
    }


def test_anybody_draws_the_same_sample_of_the_same_frame_and_seed():
    """Properties, over many frames: order and repetition do not matter, nothing is invented."""
    dice = random.Random(226)
    for _round in range(200):
        frame = dice.sample(range(1, 10**6), dice.randint(1, 60))
        size, seed = dice.randint(1, 70), new_seed()
        sample = draw(seed, frame, size)
        shuffled = dice.sample(frame, len(frame)) + frame[:3]
        assert draw(seed, shuffled, size) == sample
        assert frame_digest(shuffled) == frame_digest(frame)
        assert len(sample) == min(size, len(frame)) == len(set(sample))
        assert set(sample) <= set(frame)
        assert draw(seed, frame, max(1, size - 1)) == sample[: max(1, size - 1)]
        # As a stranger would do it with nothing but a digest program.
        by_hand = sorted((sha256(f"{seed}:{row}".encode()).hexdigest(), row) for row in set(frame))
        assert [row for _digest, row in by_hand][:size] == sample
    assert draw("00", range(1, 40), 3) != draw("01", range(1, 40), 3)


def test_a_planned_check_is_seen_by_the_checked_at_no_address(cast):
    substitute = cast.manager2
    accounts.delegation(cast.sector_head, substitute, first=TODAY, last=TODAY)
    check = control.planned(cast, cast.department_head, cast.sector_head)
    off = control.planned(cast, cast.department_head, cast.sector_head)
    actions.call_off_check(off.pk, by=cast.department_head, version=1, reason="Отпуск")
    for hidden in (check, off):
        assert not seers(cast, hidden) & {"sector_head", "manager2", "manager"}
    paths = ("", "history/", "redraw/", "frame.csv", "complete/", "call-off/")
    for person in (cast.sector_head, substitute):
        browser = signed_in(fresh(person))
        for hidden in (check, off):
            for path in paths:
                assert browser.get(f"/control/{hidden.pk}/{path}").status_code == 404, path
            assert browser.post(f"/control/{hidden.pk}/start/").status_code == 404
        pages = ("/control/", "/control/?state=planned", "/control/violations/", "/notices/",
                 "/assignments/", f"/search/?q={check.number}", "/control/points/",
                 "/reports/spot_checks/", f"/control/?checked={cast.sector_head.pk}")  # fmt: skip
        for page in pages:
            text = browser.get(page, follow=True).content.decode()
            shown = text.replace(f"q={check.number}", "").replace(f'value="{check.number}"', "")
            assert f"/control/{check.pk}/" not in shown, page
            assert page.startswith("/search/") or check.number not in shown, page
        points = browser.get("/control/points/").content.decode()
        assert "завершено 0 из 1" not in points
    assert not Notice.objects.filter(kind__startswith="control").exists()
    assert not WorkItem.objects.exists()
    control.logged(cast.sector_head)
    check = control.begin(check)
    assert "sector_head" in seers(cast, check)
    assert signed_in(cast.sector_head).get(check.get_absolute_url()).status_code == 200
    told = Notice.objects.filter(kind="control.started").values_list("user__username", flat=True)
    assert set(told) == {"sector_head"}


def test_a_check_goes_its_way_and_violations_become_work_and_grounds(cast):
    check = control.started(cast)
    assert (check.items.count(), len(check.frame)) == (5, 12)
    rows = {item.url: item.object_id for item in check.items.all()}
    assert set(rows) == {reverse("clients:contact_detail", args=[pk]) for pk in rows.values()}
    assert redraw(check).is_same
    first, second, *rest = check.items.order_by("position")
    by, late = cast.sector_head, TODAY - timedelta(days=1)
    for bad in ({"note": " "}, {"severity": ""}, {"due_on": late}, {"person": cast.stranger}):
        with pytest.raises(RuleViolation):
            control.mark(first, "violation", **bad)
    with pytest.raises(RuleViolation, match="осталось 5"):
        actions.complete_check(check.pk, by=by, version=check.version, conclusion="", now=NOW)
    control.mark(first, "violation")
    with pytest.raises(StaleVersion):
        control.mark(first, "ok")
    control.mark(second, "na")
    for item in rest:
        control.mark(item)
    assert not WorkItem.objects.exists()
    actions.complete_check(check.pk, by=by, version=check.version, conclusion="Да", now=NOW)
    found = Violation.objects.get()
    assert (found.person, found.found_by, found.severity) == (cast.manager, by, "serious")
    work = found.work
    assert (work.executor, work.author, work.due_on) == (
        cast.manager, by, TODAY + timedelta(days=3)
    )  # fmt: skip
    told = Notice.objects.filter(kind="control.completed").values_list("user__username", flat=True)
    assert set(told) == {"manager"}
    (row,) = results(cast.department_head, {"period": Period(late, TODAY)})
    counts = {name: row[name] for name in ("checks", "rows_count", "ok", "violations")}
    assert counts == {"checks": 1, "rows_count": 4, "ok": 3, "violations": 1}
    assert row["share"] == 75
    assert results(cast.stranger_head, {"period": Period(late, TODAY)}) == []


def test_everybody_reads_a_check_in_the_own_language(cast):
    """Notices, rows, violations, and the work that whoever mends it gets."""
    User.objects.filter(pk=cast.manager.pk).update(language="en")
    cast.manager.refresh_from_db()
    check = control.completed(cast)
    assert check.question_en != check.question
    english, russian = signed_in(fresh(cast.manager)), signed_in(cast.sector_head)
    bell = english.get("/notices/").content.decode()
    assert f"has started a check: {escape(check.question_en)}" in bell
    assert escape(check.question) not in bell
    with override("en"):
        work = Violation.objects.get().work
        assert work.title.startswith("Correct: Contact with ")
        assert check.question_en in work.body
    with override("ru"):
        work = Violation.objects.get().work
        assert work.title.startswith("Устранить: Контакт с ")
        assert check.question in work.body
    for page in (check.get_absolute_url(), "/control/violations/"):
        assert "Contact with" in english.get(page).content.decode()
        assert "Контакт с" not in english.get(page).content.decode()
        assert "Контакт с" in russian.get(page).content.decode()


def test_what_a_check_has_found_and_was_drawn_by_does_not_change(cast):
    running = control.started(cast)
    rows = SpotCheck.objects.filter(pk=running.pk)
    for write in (
        lambda: rows.update(seed="0" * 32),
        lambda: rows.update(frame=[1, 2]),
        lambda: rows.update(checked=cast.manager2),
        lambda: rows.update(checker=cast.department_head),
        running.items.all().delete,
        lambda: running.items.filter(position=1).update(object_id=1),
    ):
        with pytest.raises(DatabaseError, match="does not change"), transaction.atomic():
            write()
    ended = control.completed(cast, checked=cast.manager2)
    for write in (
        lambda: SpotCheck.objects.filter(pk=ended.pk).update(conclusion="Иначе"),
        lambda: ended.items.update(result="ok", severity="", due_on=None),
        lambda: SpotCheckItem.objects.create(
            spot_check=ended, position=99, object_id=99, title="x"
        ),
        lambda: Violation.objects.update(severity="minor"),
        lambda: Violation.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            write()
    assert redraw(ended).is_same
    # A sample of other rows is found out.
    shown = SpotCheck.objects.get(pk=ended.pk)
    shown.frame = shown.frame[1:]
    assert not redraw(shown).is_same


def test_nobody_checks_oneself_superiors_or_people_of_others(cast):
    may = {
        name: {one.username for one in permissions.people_to_check(person)}
        for name, person in everybody(cast).items()
        if permissions.can_check(person)
    }
    sales = {"manager", "manager2", "sector_head", "department_head", "stranger", "stranger_head"}
    assert may == {
        "sector_head": {"manager", "manager2"},
        "department_head": {"manager", "manager2", "sector_head"},
        "stranger_head": {"stranger"},
        "director": sales,
        "general_director": sales,
    }
    for by, checked in (
        (cast.sector_head, cast.sector_head),
        (cast.sector_head, cast.department_head),
        (cast.sector_head, cast.stranger),
    ):
        with pytest.raises(RuleViolation):
            control.planned(cast, by, checked)
    with pytest.raises(PermissionDenied):
        control.planned(cast, cast.manager, cast.manager2)
    check = control.planned(cast)
    copy = SpotCheck.objects.get(pk=check.pk)
    copy.pk, copy.number, copy.checked = None, "ПР-x", copy.checker
    with pytest.raises(IntegrityError, match="check_by_another_person"), transaction.atomic():
        copy.save(force_insert=True)
    with pytest.raises(PermissionDenied):
        actions.start_check(check.pk, by=cast.department_head, version=1, now=NOW)
    with pytest.raises(RuleViolation, match="ни одной строки"):
        control.begin(check)


def test_the_table_ties_the_frame_to_the_state(cast):
    """An empty JSON value is no frame and no absence of one."""
    planned = SpotCheck.objects.filter(pk=control.planned(cast).pk)
    begun = {"state": "in_progress", "started_at": NOW, "frame": [1], "frame_digest": "x"}
    nothing = Value(None, JSONField())
    wrong = (
        *({name: begun[name]} for name in begun),
        {"frame": nothing},
        *(begun | {name: None} for name in ("started_at", "frame")),
        begun | {"frame": nothing},
        begun | {"frame_digest": ""},
    )
    for values in wrong:
        with pytest.raises(IntegrityError, match="check_begun_has_frame"), transaction.atomic():
            planned.update(**values)


def test_a_check_of_a_head_looks_at_rows_of_everybody_below(cast):
    check = control.planned(cast, cast.department_head, cast.sector_head, size=200)
    control.logged(cast.manager, 2)
    control.logged(cast.manager2, 3)
    control.logged(cast.stranger, 4)
    check = control.begin(check)
    people = {item.person.username for item in check.items.all()}
    assert (check.items.count(), people) == (5, {"manager", "manager2"})
    # Whoever checks in the head's stead does not check own rows among the others.
    accounts.delegation(cast.department_head, cast.manager2, first=TODAY, last=TODAY)
    check = control.begin(control.planned(cast, fresh(cast.manager2), cast.sector_head, size=200))
    assert {item.person.username for item in check.items.all()} == {"manager"}


def test_a_sale_that_was_reversed_and_its_mirror_are_in_no_sample(cast):
    client = clients.client(cast.manager)
    kept, gone = deals.sale(client), deals.sale(client)
    reverse_shipment(gone.pk, by=cast.accountant, on=deals.DAY, reason="Ошибка")
    frame = get("sales").frame([cast.manager.pk], deals.DAY, deals.DAY)
    assert frame == [kept.pk]


def test_points_are_data_that_heads_edit_and_planned_checks_keep_their_words(cast):
    check = control.planned(cast)
    point = check.point
    values = {"norm": "Иначе", "source": "contacts", "is_active": True, "version": 1}
    with pytest.raises(PermissionDenied):
        actions.change_point(point.pk, by=cast.sector_head, question="Что?", **values)
    actions.change_point(point.pk, by=cast.department_head, question="Что?", **values)
    check.refresh_from_db()
    assert (check.point.question, check.question) == ("Что?", point.question)
    # A point whose rows nothing knows is not checked.
    ControlPoint.objects.filter(source="sheets").update(source="unknown")
    with pytest.raises(RuleViolation):
        control.planned(cast, point=ControlPoint.objects.get(source="unknown"))
    answer = signed_in(cast.department_head).post(
        f"/control/points/{point.pk}/", {"question": "", "norm": "", "version": 2}
    )
    assert answer.status_code == 422
