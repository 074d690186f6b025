"""Who may sign: four eyes, substitution by calendar, and the way shown before submitting."""

import json
from datetime import date
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied

from crm.accounts.models import Role
from crm.approvals import permissions
from crm.approvals.models import Approval, ApprovalStep
from crm.approvals.routes import preview
from crm.approvals.signers import signing_of
from crm.errors import RuleViolation
from tests.approvals import toy
from tests.approvals.toy import decide, submit
from tests.cast import everybody, fresh
from tests.factories import accounts
from tests.factories.categories import TODAY


def away(owner, delegate, first=TODAY, last=TODAY, **more):
    return accounts.delegation(owner, delegate, first=first, last=last, **more)


def can_decide(person, approval, today=TODAY):
    """By the query of lists and by the predicate of the action; they must agree."""
    person = fresh(person)
    listed = Approval.objects.waiting_for(person, today=today).filter(pk=approval.pk).exists()
    seen = Approval.objects.filter(pk=approval.pk).with_steps().get()
    capacity = permissions.deciding_capacity(person, seen, today=today)
    assert listed == (capacity is not None), person
    return listed


def deciders(cast, approval, today=TODAY):
    return {name for name, p in everybody(cast).items() if can_decide(p, approval, today)}


def test_each_step_is_decided_by_its_office_and_nobody_else(cast, toys):
    approval = submit(cast, cast.manager)
    assert deciders(cast, approval) == {"sector_head"}
    decide(approval, cast.sector_head)
    assert deciders(cast, approval) == {"department_head"}
    decide(approval, cast.department_head)
    assert deciders(cast, approval) == {"director"}
    decide(approval, cast.director)
    assert deciders(cast, approval) == set()


def test_a_substitute_decides_from_the_first_to_the_last_day(cast, toys):
    """DELEG-1: both days inclusive."""
    away(cast.sector_head, cast.manager2, date(2026, 10, 19), date(2026, 10, 30))
    approval = submit(cast, cast.manager, today=date(2026, 10, 16))
    expected = {
        "2026-10-18": {"sector_head"},
        "2026-10-19": {"sector_head", "manager2"},
        "2026-10-30": {"sector_head", "manager2"},
        "2026-10-31": {"sector_head"},
    }
    for day, people in expected.items():
        assert deciders(cast, approval, date.fromisoformat(day)) == people
    shared = Path("/work/shared/domain/examples.json")
    if shared.exists():
        examples = json.loads(shared.read_text("utf-8"))["examples"]
        days = next(e for e in examples if e["id"] == "DELEG-1")["expected"]
        assert set(days) == set(expected)


def test_a_substitution_that_does_not_cover_decisions_gives_no_signature(cast, toys):
    away(cast.sector_head, cast.manager2, covers_decisions=False)
    assert deciders(cast, submit(cast, cast.manager)) == {"sector_head"}


def test_a_dismissed_person_leaves_no_signature_behind(cast, toys):
    away(cast.sector_head, cast.manager2)
    approval = submit(cast, cast.manager)
    type(cast.sector_head).objects.filter(pk=cast.sector_head.pk).update(is_active=False)
    assert deciders(cast, approval) == set()


def test_the_new_head_signs_what_the_former_one_left(cast, toys):
    approval = submit(cast, cast.manager)
    newcomer = accounts.user(role=Role.SECTOR_HEAD, org_unit=cast.sector)
    accounts.head(cast.sector, newcomer)
    assert can_decide(newcomer, approval)
    assert not can_decide(cast.sector_head, approval)


# --- four eyes (G-AZ7) ---------------------------------------------------------------------------


def test_the_author_never_decides_even_as_a_substitute(cast, toys):
    away(cast.sector_head, cast.manager)
    approval = submit(cast, cast.manager)
    assert deciders(cast, approval) == {"sector_head"}
    with pytest.raises(PermissionDenied):
        decide(approval, cast.manager)


def test_the_author_never_decides_in_a_second_role(cast, toys):
    toy.route(cast, toy.DIRECTOR)
    second = accounts.user(role=Role.DIRECTOR, org_unit=cast.company)
    approval = submit(cast, cast.director)
    with pytest.raises(PermissionDenied):
        decide(approval, cast.director)
    assert deciders(cast, approval) == set()
    assert can_decide(second, approval)


def test_the_substitute_of_the_author_does_not_decide_for_the_author(cast, toys):
    toy.route(cast, toy.DIRECTOR)
    accounts.user(role=Role.DIRECTOR, org_unit=cast.company)
    away(cast.director, cast.department_head)
    approval = submit(cast, cast.director)
    assert "department_head" not in deciders(cast, approval)


def test_the_visa_of_an_author_who_heads_the_unit_is_skipped(cast, toys):
    approval = submit(cast, cast.sector_head)
    first = approval.steps.get(order=1)
    assert (first.state, first.skipped_because) == ("skipped", "author")
    assert deciders(cast, approval) == {"department_head"}


def test_the_director_decides_where_the_deciding_head_is_the_author(cast, toys):
    toy.route(cast, toy.StepDraft("approve", unit_kind="department"))
    approval = submit(cast, cast.department_head)
    assert deciders(cast, approval) == {"director"}
    away(cast.director, cast.lawyer)
    assert deciders(cast, approval) == {"director", "lawyer"}
    other = submit(cast, cast.manager, target=cast.department)
    assert "director" not in deciders(cast, other)


def test_nobody_signs_twice_not_even_as_a_substitute(cast, toys):
    away(cast.department_head, cast.sector_head)
    approval = submit(cast, cast.manager)
    decide(approval, cast.sector_head)
    assert deciders(cast, approval) == {"department_head"}
    with pytest.raises(PermissionDenied):
        decide(approval, cast.sector_head)


def test_nobody_is_signed_for_twice(cast, toys):
    """The head of both units signs once in person; the substitute gives no second signature."""
    accounts.head(cast.sector, cast.department_head)
    toy.route(cast, toy.StepDraft("approve", unit_kind="sector"), toy.LAWYER)
    away(cast.lawyer, cast.manager2)
    approval = submit(cast, cast.manager)
    decide(approval, cast.department_head)
    assert deciders(cast, approval) == {"lawyer", "manager2"}
    ApprovalStep.objects.filter(approval=approval, order=1).update(on_behalf_of=cast.lawyer)
    assert deciders(cast, approval) == set()


def test_whoever_is_indispensable_later_is_not_asked_before(cast, toys):
    accounts.head(cast.sector, cast.department_head)
    approval = submit(cast, cast.manager)
    steps = list(approval.steps.all())
    assert (steps[0].state, steps[0].skipped_because) == ("skipped", "signs_later")
    assert steps[1].state == "waiting"


def test_a_route_without_anybody_left_to_decide_is_refused(cast, toys):
    toy.route(cast, toy.DIRECTOR)
    with pytest.raises(RuleViolation):
        submit(cast, cast.director)


# --- the way before submitting -------------------------------------------------------------------


def test_the_way_names_people_substitutes_and_skipped_steps(cast, toys):
    away(cast.department_head, cast.stranger_head, TODAY, date(2026, 11, 30))
    steps = preview(toy.KIND, author=cast.sector_head, org_unit=cast.sector, today=TODAY)
    assert [step.skipped for step in steps] == ["author", "", ""]
    assert steps[1].people == (cast.department_head,)
    substitute = steps[1].substitutes[0]
    assert (substitute.delegate, substitute.until) == (cast.stranger_head, date(2026, 11, 30))
    assert steps[2].people == (cast.director,)
    assert "Отдел сетей" in steps[1].office


def test_the_way_does_not_offer_the_author_as_a_substitute(cast, toys):
    away(cast.department_head, cast.manager)
    steps = preview(toy.KIND, author=cast.manager, org_unit=cast.sector, today=TODAY)
    assert steps[1].substitutes == ()


def test_the_way_shown_is_the_way_taken(cast, toys):
    targets = (cast.sector, cast.department, cast.company)
    authors = (cast.manager, cast.sector_head, cast.department_head)
    for author, target in zip(authors, targets, strict=True):
        shown = preview(toy.KIND, author=author, org_unit=cast.sector, today=TODAY)
        approval = submit(cast, author, target=target)
        taken = list(approval.steps.all())
        assert [(s.kind, s.role, s.unit_id, s.skipped_because) for s in taken] == [
            (s.kind, s.role, s.unit.pk if s.unit else None, s.skipped) for s in shown
        ]


def test_substitutions_are_read_once_per_day(cast, django_assert_num_queries):
    with django_assert_num_queries(2):
        signing_of(cast.manager, TODAY)
        signing_of(cast.manager, TODAY)
        signing_of(cast.manager, date(2026, 11, 24))


# --- visibility ----------------------------------------------------------------------------------


def test_approvals_are_seen_by_author_signers_and_directors(cast, toys):
    away(cast.sector_head, cast.manager2)
    approval = submit(cast, cast.manager)
    seen = {
        name
        for name, person in everybody(cast).items()
        if Approval.objects.visible_to(fresh(person), today=TODAY).filter(pk=approval.pk).exists()
    }
    assert seen == {
        "manager",
        "manager2",
        "sector_head",
        "department_head",
        "director",
        "general_director",
    }
    type(cast.manager).objects.filter(pk=cast.manager.pk).update(is_active=False)
    assert not Approval.objects.visible_to(fresh(cast.manager), today=TODAY).exists()


def test_visible_rows_can_be_locked(cast, toys):
    submit(cast, cast.manager)
    for person in (cast.manager, cast.sector_head, cast.director):
        rows = Approval.objects.visible_to(person, today=TODAY)
        assert rows.select_for_update(of=("self",)).get()
