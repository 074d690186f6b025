"""Routes: seeded once, changed by the administrator, every change a version."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse

from clients.actions import categories, category_proposals
from crm.accounts.models import Role
from crm.approvals import actions
from crm.approvals.actions import StepDraft
from crm.approvals.models import ROLES_OF_A_UNIT, ApprovalRoute, ApprovalRouteStep
from crm.errors import RuleViolation, StaleVersion
from tests.approvals import toy
from tests.cast import everybody, signed_in

KIND = categories.KIND


def steps(kind):
    rows = ApprovalRouteStep.objects.filter(route__kind=kind, route__active=True)
    return [(row.kind, row.role or row.unit_kind) for row in rows]


def test_an_installation_starts_with_the_routes_of_the_duties(db):
    """L222, L228: the head decides about a new client, endorses a change; the director approves."""
    assert steps(category_proposals.KIND) == [("approve", "department")]
    assert steps(KIND) == [("visa", "department"), ("approve", "director")]


def test_seeding_again_adds_nothing_and_keeps_what_was_changed(cast):
    actions.change_route(KIND, by=cast.admin, steps=[toy.DIRECTOR], version=1)
    assert actions.seed_routes() == 0
    assert steps(KIND) == [("approve", "director")]


def test_every_change_is_a_version_and_the_former_one_stays(cast):
    actions.change_route(KIND, by=cast.admin, steps=[toy.HEAD, toy.LAWYER], version=1)
    versions = ApprovalRoute.objects.filter(kind=KIND).order_by("version")
    assert [(r.version, r.active) for r in versions] == [(1, False), (2, True)]
    assert versions[0].steps.count() == 2
    with pytest.raises(StaleVersion):
        actions.change_route(KIND, by=cast.admin, steps=[toy.DIRECTOR], version=1)
    event = versions[0].events.latest("pgh_id")
    assert event.pgh_context["verb"] == "approval_route.changed"
    assert event.pgh_context["user"] == cast.admin.pk


@pytest.mark.parametrize(
    "wrong",
    [
        [],
        [toy.HEAD],
        [toy.DIRECTOR, toy.HEAD],
        [toy.LAWYER, toy.HEAD, toy.DIRECTOR],
        [toy.DIRECTOR, toy.DIRECTOR],
        [StepDraft("visa", role="manager"), toy.DIRECTOR],
        [StepDraft("approve", role="department_head")],
        [StepDraft("visa", role=role) for role in Role if role not in ROLES_OF_A_UNIT],
    ],
)
def test_a_route_that_cannot_work_is_refused(cast, wrong):
    with pytest.raises(RuleViolation):
        actions.change_route(KIND, by=cast.admin, steps=wrong, version=1)
    assert ApprovalRoute.objects.filter(kind=KIND).count() == 1


def test_only_the_administrator_changes_routes(cast):
    for name, person in everybody(cast).items():
        if name != "admin":
            with pytest.raises(PermissionDenied):
                actions.change_route(KIND, by=person, steps=[toy.DIRECTOR], version=1)


def test_the_database_refuses_steps_without_one_signer(cast):
    route = ApprovalRoute.objects.get(kind=KIND, active=True)
    for name, values in [
        ("route_step_has_one_signer", {}),
        ("route_step_has_one_signer", {"role": "director", "unit_kind": "sector"}),
        ("route_step_heads_sign_for_units", {"role": "department_head"}),
        ("route_step_has_term", {"role": "lawyer", "due_working_days": 0}),
        ("route_step_order_once", {"role": "lawyer", "order": 1}),
    ]:
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            ApprovalRouteStep.objects.create(
                **{"route": route, "order": 9, "kind": "visa"} | values
            )
    with pytest.raises(IntegrityError, match="one_active_per_kind"), transaction.atomic():
        ApprovalRoute.objects.create(kind=KIND, version=2)
    with pytest.raises(IntegrityError, match="route_version_once"), transaction.atomic():
        ApprovalRoute.objects.create(kind=KIND, version=1, active=False)


def test_who_reads_and_who_edits_routes_in_the_page(cast):
    readers = {"admin", "director", "general_director"}
    for name, person in everybody(cast).items():
        browser = signed_in(person)
        expected = 200 if name in readers else 403
        assert browser.get(reverse("approvals:route_list")).status_code == expected, name
        edit = browser.get(reverse("approvals:route_edit", args=[KIND]))
        assert edit.status_code == (200 if name == "admin" else 403), name
    assert signed_in(cast.admin).get("/decisions/routes/nobody.knows/").status_code == 404


def typed(*rows, version=1):
    """The form of the route as a browser sends it."""
    data = {"version": version, "steps-TOTAL_FORMS": 6, "steps-INITIAL_FORMS": 2}
    for number, (office, kind, days) in enumerate(rows):
        data |= {
            f"steps-{number}-office": office,
            f"steps-{number}-kind": kind,
            f"steps-{number}-due_working_days": days,
        }
    return data


def test_the_administrator_changes_a_route_in_the_page(cast):
    browser, url = signed_in(cast.admin), reverse("approvals:route_edit", args=[KIND])
    shown = browser.get(url).content.decode()
    assert 'value="unit:department" selected' in shown
    rows = [("unit:sector", "visa", 1), ("", "", ""), ("role:director", "approve", 3)]
    assert browser.post(url, typed(*rows)).status_code == 302
    assert steps(KIND) == [("visa", "sector"), ("approve", "director")]


@pytest.mark.parametrize(
    ("rows", "version"),
    [
        ([("unit:department", "visa", 2)], 1),
        ([("role:director", "", 2)], 1),
        ([("role:director", "approve", "")], 1),
        ([("role:director", "approve", 0)], 1),
        ([("role:director", "approve", "x")], 1),
        ([("role:nobody", "approve", 2)], 1),
        ([("role:department_head", "approve", 2)], 1),
        ([("role:director", "approve", 2)], 7),
        ([("role:director", "approve", 2)], "x"),
        ([], 1),
    ],
)
def test_a_wrong_route_comes_back_with_what_was_typed(cast, rows, version):
    url = reverse("approvals:route_edit", args=[KIND])
    response = signed_in(cast.admin).post(url, typed(*rows, version=version))
    assert response.status_code == 422
    assert ApprovalRoute.objects.filter(kind=KIND).count() == 1


def test_a_form_without_its_management_data_is_no_crash(cast):
    url = reverse("approvals:route_edit", args=[KIND])
    assert signed_in(cast.admin).post(url, {"version": 1}).status_code == 422
