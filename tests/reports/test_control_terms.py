"""Checks in time: reminders of the checker, terms of the rows, words in English, leaving."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from clients.models import Client
from crm.accounts.actions import people
from crm.calendar import add_working_days, next_working_day
from crm.errors import RuleViolation
from crm.notices.models import Notice
from reports.actions import control as actions
from reports.actions.control_reminders import remind_of_checks
from reports.actions.distribution_deadlines import tell_of_undistributed
from reports.days.plans import following
from reports.grounds.registry import ground_of, grounds_of
from reports.models import (
    BusinessProcess,
    ControlPoint,
    PlanPart,
    ReportDefinition,
    SpotCheck,
)
from reports.seeds.submissions import seed_definitions
from tests.cast import fresh, signed_in
from tests.factories import clients, control, incentives, plans, terms

DAY = timedelta(days=1)
TODAY = timezone.localdate()


def told():
    rows = Notice.objects.filter(kind__startswith="control.", channel="ui")
    return sorted(rows.values_list("kind", "user__username"))


def at(check, **values):
    SpotCheck.objects.filter(pk=check.pk).update(**values)


def test_the_checker_alone_is_reminded_of_a_check_not_begun(cast):
    first = next_working_day(TODAY)
    check = control.planned(cast, planned_on=first)
    assert remind_of_checks(today=first) == 1
    assert remind_of_checks(today=first) == 0
    assert told() == [("control.to_begin", "sector_head")]
    later = add_working_days(first, 1)
    assert remind_of_checks(today=later) == 1
    assert told() == [("control.not_begun", "sector_head"), ("control.to_begin", "sector_head")]
    ahead = control.planned(cast, planned_on=add_working_days(first, 4))
    off = control.planned(cast, planned_on=first)
    actions.call_off_check(off.pk, by=cast.sector_head, version=1, reason="Отпуск")
    actions.call_off_check(check.pk, by=cast.sector_head, version=1, reason="Отпуск")
    assert remind_of_checks(today=add_working_days(first, 2)) == 0
    assert ahead.is_hidden
    # On a day off and for a day gone by nobody is told.
    saturday = first + timedelta(days=(5 - first.weekday()) % 7 + 700)
    assert remind_of_checks(today=saturday) == 0
    assert remind_of_checks(today=TODAY - 7 * DAY) == 0


def test_a_check_in_progress_is_reminded_of_on_its_last_day_and_after_it(cast):
    check = control.started(cast)
    Notice.objects.all().delete()
    last = add_working_days(TODAY, 5)
    assert remind_of_checks(today=add_working_days(last, -1)) == 0
    assert remind_of_checks(today=last) == 1
    assert remind_of_checks(today=add_working_days(last, 1)) == 1
    assert told() == [
        ("control.not_completed", "sector_head"),
        ("control.to_complete", "sector_head"),
    ]
    check.refresh_from_db()
    for item in check.items.all():
        control.mark(item)
    actions.complete_check(
        check.pk, by=cast.sector_head, version=check.version, conclusion="", now=control.NOW
    )
    assert remind_of_checks(today=add_working_days(last, 2)) == 0


def test_rows_of_a_sample_say_their_terms(cast):
    day = add_working_days(TODAY, -20)
    late = terms.added(cast.manager, day, given=add_working_days(day, 3))
    moved = clients.client(cast.manager2)
    by, on = cast.department_head, add_working_days(day, 2)
    terms.handed_over(moved, cast.manager, by, decided=day, on=on)
    paid = terms.paid(clients.client(cast.manager), on=day, documents=day)
    unpaid = terms.paid(clients.client(cast.manager), on=day)
    titles = {}
    for source in ("assignments", "paid"):
        first = {"period_from": day - DAY, "period_to": TODAY, "size": 50}
        check = control.begin(control.planned(cast, point=control.point(source), **first))
        titles |= {item.title: item for item in check.items.all()}
    found = "\n".join(titles)
    due = f"{add_working_days(day, 1):%d.%m.%Y}"
    given = f"{add_working_days(day, 3):%d.%m.%Y}"
    assert f"{late}, {given}; Распределение новых клиентов: срок {due}, сделано {given}" in found
    assert "опоздание, раб. дн.: 2" in found
    assert f"{moved}, {on:%d.%m.%Y}; Перераспределение клиентов: срок" in found
    # All paid invoices are in the frame: those in time too.
    assert sum(one.number in found for one in (paid, unpaid)) == 2
    assert f"срок {due}, не сделано" in found


def test_missed_terms_are_facts_of_a_decision_and_of_the_head_the_sums(cast):
    day = incentives.OCTOBER + 14 * DAY
    mine = clients.client(cast.manager)
    act = terms.reconciliation(mine, send_by=day, sign_by=day + DAY, sent=day, signed=day + 9 * DAY)
    terms.reconciliation(clients.client(cast.stranger), send_by=day, sign_by=day + DAY)
    sheet = incentives.sheet(cast.manager, superior=cast.department_head)
    fact = ground_of(sheet, f"acts_signed:{act.pk}")
    assert f"срок {day + DAY:%d.%m.%Y}, сделано {day + 9 * DAY:%d.%m.%Y}" in fact.title
    assert fact.url == act.get_absolute_url()
    kinds = {source.kind for source, _facts in grounds_of(sheet)}
    assert "acts_sent" not in kinds
    head = incentives.sheet(cast.department_head, superior=cast.director)
    (sums,) = [facts for source, facts in grounds_of(head) if source.kind == "unit_terms"]
    (one,) = sums
    assert "с опозданием 1, просрочено 0, в срок 0,00" in one.title.replace("\u00a0", " ")
    shown = signed_in(cast.department_head).get(one.url)
    assert len(shown.context["page"].result.rows) == 1


def test_seeded_words_are_read_in_english_by_whoever_reads_english(cast):
    control.point()
    seed_definitions()
    words = {
        "control_points": ("Are registration sheets complete?", "Полны ли листы регистрации?"),
        "report_catalogue": ("Report of the sector for the month", "Отчёт сектора за месяц"),
    }
    for name, (english, russian) in words.items():
        browser = signed_in(cast.director)
        shown = browser.get(reverse(f"reports:{name}")).content.decode()
        assert russian in shown
        assert english not in shown
        cast.director.language = "en"
        cast.director.save(update_fields=["language"])
        shown = signed_in(fresh(cast.director)).get(reverse(f"reports:{name}")).content.decode()
        assert english in shown
        assert russian not in shown
        cast.director.language = "ru"
        cast.director.save(update_fields=["language"])
    with translation.override("en"):
        rows = [*BusinessProcess.objects.all(), *ReportDefinition.objects.all()]
        labels = [row.label for row in rows]
        labels += [f"{one.question_label} {one.norm_label}" for one in ControlPoint.objects.all()]
        assert labels
        assert all(label.isascii() for label in labels)


def test_a_point_without_english_words_shows_the_russian_ones(cast):
    point = control.point()
    values = {"question": "Иначе?", "norm": "Так", "source": "contacts", "is_active": True}
    actions.change_point(point.pk, by=cast.department_head, version=1, **values)
    check = control.planned(cast, point=ControlPoint.objects.get(pk=point.pk))
    with translation.override("en"):
        assert (check.question_label, check.norm_label) == ("Иначе?", "Так")
    point.refresh_from_db()
    values |= {"question_en": "Otherwise?", "norm_en": "Thus", "version": point.version}
    actions.change_point(point.pk, by=cast.department_head, **values)
    with translation.override("en"):
        assert str(ControlPoint.objects.get(pk=point.pk)).endswith("Otherwise?")
        # A check that is planned keeps the words it was planned with.
        assert SpotCheck.objects.get(pk=check.pk).question_label == "Иначе?"


def leaves(cast, person):
    row = fresh(person)
    people.deactivate_user(row.pk, by=cast.admin, version=row.version, dismissed_on=TODAY)


def test_nobody_leaves_with_a_part_of_a_plan_that_is_not_filled(cast):
    plan = plans.plan(cast.department, month=following(TODAY))
    client = clients.client(cast.manager2)
    plans.line(plan, client, manager=cast.manager, unit=cast.sector)
    with pytest.raises(RuleViolation, match="не заполнил план"):
        leaves(cast, cast.manager)
    leaves_not = signed_in(cast.admin).get(
        reverse("accounts:user_deactivate", args=[cast.manager.pk])
    )
    page = leaves_not.content.decode()
    assert f"/plans/{plan.pk}/grid/" not in page  # the administrator reads no plan
    assert "открывают руководитель и директор" in page
    # What was filled is the head's to submit; a part without lines is nobody's.
    PlanPart.objects.filter(plan=plan).update(state="filled")
    leaves(cast, cast.manager)
    plan.lines.all().delete()
    PlanPart.objects.create(plan=plan, org_unit=cast.other_sector, manager=cast.stranger)
    leaves(cast, cast.stranger)


def test_nobody_leaves_in_the_middle_of_a_check(cast):
    accounts_head = cast.sector_head
    check = control.planned(cast)
    with pytest.raises(RuleViolation, match="ведёт 1 проверку"):
        leaves(cast, accounts_head)
    # The checked does not learn of a planned check by being refused.
    client_free = fresh(cast.manager)
    leaves(cast, client_free)
    people.reactivate_user(client_free.pk, by=cast.admin, version=fresh(client_free).version)
    control.logged(cast.manager)
    check = control.begin(check)
    with pytest.raises(RuleViolation, match=f"проверка {check.number}"):
        leaves(cast, cast.manager)


def test_heads_learn_once_a_day_of_clients_that_nobody_answers_for(cast):
    first = next_working_day(TODAY)
    day = add_working_days(first, -4)
    terms.added(cast.manager, day)
    lost = terms.added(cast.manager, day, unit=cast.sector)
    Client.objects.filter(pk=lost.pk).update(org_unit=None)
    terms.added(cast.stranger, day, given=day)
    terms.added(cast.stranger, first)
    assert tell_of_undistributed(today=first) == 3
    assert tell_of_undistributed(today=first) == 0
    rows = Notice.objects.filter(kind="distribution.late", channel="ui")
    found = {(row.user.username, row.params["count"]) for row in rows}
    assert found == {("sector_head", 1), ("department_head", 1), ("director", 1)}
    shown = signed_in(cast.department_head).get(rows.get(user=cast.department_head).url)
    assert len(shown.context["page"].result.rows) == 1
    assert tell_of_undistributed(today=TODAY - 30 * DAY) == 0
