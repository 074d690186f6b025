"""Who carries how much, and the facts about an employee for the heads (RP-09)."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from claims.models import Claim
from clients.models import Client, ContactLog, ContactPlanLine
from crm.assignments.models import WorkItem
from crm.calendar import month_start
from crm.errors import RuleViolation
from crm.work.models import Setting
from crm.work.registry import forget
from deals.models import ReconciliationItem
from reports.actions import staff as actions
from reports.demo.staff import NOTES
from reports.formulas.workload import load_index, standing
from reports.models import StaffNote
from reports.queries.workload import workload, workload_totals
from tests.cast import everybody, fresh, signed_in
from tests.factories import accounts, claims, clients, contacts, control, reconciliations, work

TODAY = timezone.localdate()
MONTH = month_start(TODAY)
FULL = {"A": 25, "B": 60, "C": 150, "new": 80}


def rows_of(person, **asked):
    """Rows by the key of the person they are about."""
    found = workload(fresh(person), {"month": MONTH, "unit": None, **asked})
    return {row["person"]: row for row in found}


def test_the_load_is_the_sum_of_shares_of_a_full_load():
    """By hand: 5 of 25 A, 12 of 60 B and 30 of 150 C are a fifth each: 60 %."""
    assert load_index({"A": 5, "B": 12, "C": 30}, FULL) == Decimal("60.00")
    assert load_index({"A": 25}, FULL) == load_index({"C": 150}, FULL) == 100
    assert load_index({"A": 1, "B": 1}, FULL) == Decimal("5.67")  # 4 + 1.6667, half up
    assert load_index({}, FULL) == 0
    borders = {"over": 110, "under": 60}
    told = [standing(Decimal(n), **borders) for n in ("110", "110.01", "60", "59.99")]
    assert told == ["fine", "over", "fine", "under"]


def test_everything_a_manager_carries_is_counted_and_leads_to_its_rows(cast):
    today = TODAY
    first, second, hall = (
        clients.client(cast.manager, category="A"),
        clients.client(cast.manager, category=None, status="prospect"),
        clients.client(cast.manager, category="C", status="trading_hall"),
    )
    clients.client(cast.manager, category="A", archived=True)
    clients.client(cast.manager2, category="B")
    contacts.plan_line(first, cast.manager, month=MONTH, contacts=5)
    contacts.done(first, cast.manager2, timezone.now())  # whoever did it, the plan is hers
    contacts.done(first, cast.manager, timezone.now(), code="no_answer")
    contacts.done(second, cast.manager, timezone.now())  # not in the plan
    work.item(cast.sector_head, cast.manager)
    late = work.item(cast.sector_head, cast.manager)
    WorkItem.objects.filter(pk=late.pk).update(
        created_on=today - timedelta(days=9), due_on=today - timedelta(days=2)
    )
    claims.claim(first, on=today)
    reconciliations.item(first, as_of=today)
    row = rows_of(cast.sector_head)[cast.manager.pk]
    counted = ("clients_A", "clients_B", "clients_C", "clients_new", "planned", "done", "work",
               "overdue", "claims", "reconciliations")  # fmt: skip
    assert [row[name] for name in counted] == [1, 0, 0, 1, 5, 1, 2, 1, 1, 1]
    assert row["load"] == Decimal("10.83")  # 1 of 12 and 1 of 40
    assert hall.status == "trading_hall"
    browser = signed_in(cast.sector_head)
    behind = {
        "clients_A": Client, "clients_new": Client, "done": ContactLog, "work": WorkItem,
        "overdue": WorkItem, "claims": Claim, "reconciliations": ReconciliationItem,
    }  # fmt: skip
    for name, model in behind.items():
        page = browser.get(row[f"{name}_url"])
        assert page.status_code == 200, name
        listed_rows = page.context["list"].rows
        assert len(listed_rows) == row[name], (name, row[f"{name}_url"])
        assert all(isinstance(one, model) for one in listed_rows), name
    assert browser.get(row["planned_url"]).status_code == 200
    assert ContactPlanLine.objects.count() == 1


def test_a_substitute_carries_the_load_of_the_absent_and_is_named(cast):
    for _number in range(2):
        clients.client(cast.manager, category="A")
    clients.client(cast.manager2, category="A")
    accounts.delegation(cast.manager, cast.manager2, first=TODAY, last=TODAY + timedelta(days=3))
    found = rows_of(cast.department_head)
    away, instead = found[cast.manager.pk], found[cast.manager2.pk]
    assert (away["load"], away["with_others"]) == (Decimal("16.67"), Decimal("16.67"))
    assert (instead["load"], instead["with_others"]) == (Decimal("8.33"), Decimal("25.00"))
    assert cast.manager.short_name in instead["absence"]
    assert cast.manager2.short_name in away["absence"]
    assert (away["away"], instead["away"]) == (True, False)
    page = signed_in(cast.department_head).get(instead["absence_url"])
    assert [row.owner for row in page.context["list"].rows] == [cast.manager]


def test_borders_are_settings_and_totals_are_of_full_loads(cast):
    Setting.objects.create(key="workload.full.A", value=2)
    forget()
    for _number in range(3):
        clients.client(cast.manager, category="A")
    found = rows_of(cast.department_head)
    assert found[cast.manager.pk]["load"] == 150
    assert found[cast.manager.pk]["standing"] == "over"
    assert found[cast.manager2.pk]["standing"] == "under"
    totals = workload_totals(cast.department_head, {}, list(found.values()))
    assert (totals["load"], totals["over_count"], totals["under_count"]) == (75, 1, 1)
    forget()


def test_each_head_sees_the_own_managers_alone(cast):
    clients.client(cast.stranger, category="A")
    clients.client(cast.manager, category="A")
    own, foreign = {cast.manager.pk, cast.manager2.pk}, {cast.stranger.pk}
    assert rows_of(cast.sector_head).keys() == rows_of(cast.department_head).keys() == own
    assert rows_of(cast.stranger_head).keys() == foreign
    assert rows_of(cast.director).keys() == own | foreign
    assert rows_of(cast.director, unit=cast.other_department).keys() == foreign


def test_the_page_costs_as_many_questions_for_one_manager_as_for_many(
    cast, django_assert_max_num_queries
):
    for _number in range(10):
        clients.client(cast.manager, category="A")
        clients.client(accounts.user(org_unit=cast.sector), category="B")
    browser = signed_in(cast.department_head)
    browser.get("/workload/")
    with django_assert_max_num_queries(20):
        page = browser.get("/workload/")
    assert len(page.context["page"].result.rows) == 12
    text = page.content.decode()
    assert cast.manager.short_name in text
    file = browser.get("/workload/?export=xlsx")
    assert b"".join(file.streaming_content).startswith(b"PK")
    assert browser.get("/workload/?month=abc").status_code == 400


def note(by, employee, **more):
    values = {"kind": "course", "noted_on": TODAY, "text": "Курс переговоров", "today": TODAY}
    return actions.note_staff(employee.pk, by=by, **values | more)


def test_notes_are_written_and_read_by_the_heads_above_alone(cast):
    made = note(cast.department_head, cast.manager)
    about_head = note(cast.director, cast.department_head, kind="reward")
    may = {
        who
        for who, person in everybody(cast).items()
        if StaffNote.objects.visible_to(person).filter(pk=made.pk).exists()
    }
    assert may == {"department_head", "director", "general_director"}
    assert not StaffNote.objects.visible_to(cast.department_head).filter(pk=about_head.pk).exists()
    for who in ("sector_head", "manager", "manager2", "general_director", "admin", "stranger_head"):
        with pytest.raises(PermissionDenied):
            note(getattr(cast, who), cast.manager)
    with pytest.raises(PermissionDenied):
        note(cast.director, cast.director)
    with pytest.raises(RuleViolation, match=r".") as refusal:
        note(cast.director, cast.manager, noted_on=TODAY + timedelta(days=1))
    assert refusal.value.field == "noted_on"
    with pytest.raises(IntegrityError, match="staff_note_about_another"), transaction.atomic():
        StaffNote.objects.filter(pk=made.pk).update(author=cast.manager)
    actions.withdraw_note(made.pk, by=cast.director, now=timezone.now())
    with pytest.raises(RuleViolation):
        actions.withdraw_note(made.pk, by=cast.director, now=timezone.now())
    assert StaffNote.objects.standing().count() == 1


def test_the_card_of_a_person_shows_the_facts_to_the_heads(cast):
    done = control.completed(cast, bad=1)
    note(cast.department_head, cast.manager, text="Курс переговоров CANARY")
    url = f"/staff/{cast.manager.pk}/"
    shown = signed_in(cast.department_head).get(url).content.decode()
    assert "Курс переговоров CANARY" in shown
    violation = done.items.get(result="violation").violation
    assert violation.label in shown
    seen = signed_in(cast.sector_head).get(url)
    assert seen.status_code == 200
    assert "CANARY" not in seen.content.decode()  # notes are for the heads of departments
    for who in ("manager", "manager2", "stranger_head", "admin", "lawyer"):
        assert signed_in(getattr(cast, who)).get(url).status_code == 403, who
    card = f"/people/{cast.manager.pk}/"
    assert f'hx-get="{url}"' in signed_in(cast.department_head).get(card).content.decode()
    for who in ("manager", "admin", "manager2"):
        assert f'hx-get="{url}"' not in signed_in(getattr(cast, who)).get(card).content.decode()


def test_a_note_is_added_in_a_dialog_listed_and_taken_back(cast):
    browser = signed_in(cast.department_head)
    url = f"/staff/{cast.manager.pk}/note/"
    assert browser.get(url).status_code == 200
    assert browser.post(url, {"kind": "course", "noted_on": "", "text": ""}).status_code == 422
    sent = {"kind": "reserve", "noted_on": f"{TODAY:%d.%m.%Y}", "text": "Старший менеджер"}
    assert browser.post(url, sent).status_code == 302
    report = "/reports/staff_development/"
    assert "Старший менеджер" in browser.get(report).content.decode()
    assert "Старший менеджер" not in browser.get(f"{report}?kind=course").content.decode()
    assert signed_in(cast.sector_head).get(report).status_code == 403
    pk = StaffNote.objects.get().pk
    assert browser.post(f"/staff-notes/{pk}/withdraw/").status_code == 302
    assert "Старший менеджер" not in browser.get(report).content.decode()
    assert len(NOTES) >= 3
