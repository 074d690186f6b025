"""Approach schemes: composing, starting, stopping (L19, L617)."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied

from clients.actions import schemes
from clients.actions.schemes import Step
from clients.models import ApproachScheme, ContactLog, SchemeRun
from crm.errors import RuleViolation, StaleVersion
from tests.cast import everybody, signed_in
from tests.factories import categories as make
from tests.factories.contacts import NOW

STEPS = [
    Step(kind="call", offset_days=0, title="Позвонить"),
    Step(kind="email", offset_days=1, title="Отправить КП", script="Добрый день"),
    Step(kind="meeting", offset_days=5, title="Встретиться"),
]


@pytest.fixture
def scheme(cast):
    return schemes.create_scheme(
        by=cast.department_head, name="Новый клиент", segment="HoReCa", steps=STEPS
    )


@pytest.fixture
def client(cast):
    return make.client(cast.manager, by=cast.department_head)


def start(client, scheme, by, day=date(2026, 11, 23)):
    return schemes.start_scheme(client.pk, scheme_id=scheme.pk, by=by, start_on=day, now=NOW)


def planned(run):
    rows = run.contacts.planned().order_by("planned_at")
    return [(f"{row.local_moment:%Y-%m-%d}", row.kind, row.purpose) for row in rows]


def test_a_started_scheme_becomes_contacts_on_working_days(cast, scheme, client, seeded_calendar):
    run = start(client, scheme, cast.manager)
    assert planned(run) == [
        ("2026-11-23", "call", "Позвонить"),
        ("2026-11-24", "email", "Отправить КП"),
        ("2026-11-30", "meeting", "Встретиться"),
    ]
    client.refresh_from_db()
    assert f"{client.next_contact_at:%Y-%m-%d}" == "2026-11-22"  # midnight of Moscow, in UTC


def test_a_start_on_a_day_off_moves_to_the_next_working_day(cast, scheme, client, seeded_calendar):
    run = start(client, scheme, cast.manager, date(2026, 12, 31))
    assert [day for day, _kind, _purpose in planned(run)] == [
        "2027-01-11", "2027-01-12", "2027-01-18",
    ]  # fmt: skip


def test_a_scheme_under_way_is_not_started_twice(cast, scheme, client):
    start(client, scheme, cast.manager)
    with pytest.raises(RuleViolation):
        start(client, scheme, cast.manager)


def test_a_stopped_series_cancels_the_rest_with_the_reason(cast, scheme, client):
    run = start(client, scheme, cast.manager)
    schemes.stop_scheme(run.pk, by=cast.manager, reason="Клиент отказался", now=NOW)
    rows = ContactLog.objects.filter(scheme_run=run).values_list("state", "reason")
    assert set(rows) == {("cancelled", "Клиент отказался")}
    client.refresh_from_db()
    assert client.next_contact_at is None
    with pytest.raises(RuleViolation):
        schemes.stop_scheme(run.pk, by=cast.manager, reason="Ещё раз", now=NOW)
    start(client, scheme, cast.manager)


def test_the_editor_changes_moves_and_removes_steps(cast, scheme, client):
    run = start(client, scheme, cast.manager)
    first, _second, third = scheme.steps.all()
    schemes.edit_scheme(
        scheme.pk, by=cast.department_head, version=1, name="Новый клиент", segment="",
        steps=[
            Step(kind="visit", offset_days=0, title="Приехать", step_id=third.pk),
            Step(kind="call", offset_days=2, title="Позвонить", step_id=first.pk),
        ],
    )  # fmt: skip
    assert [(step.order, step.title) for step in scheme.steps.all()] == [
        (1, "Приехать"), (2, "Позвонить"),
    ]  # fmt: skip
    assert len(planned(run)) == 3, "a series under way keeps its contacts"


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"version": 5}, StaleVersion),
        ({"steps": []}, RuleViolation),
        ({"steps": [STEPS[2], STEPS[0]]}, RuleViolation),
        ({"steps": STEPS * 7}, RuleViolation),
        ({"name": "НОВАЯ схема"}, RuleViolation),
    ],
)
def test_a_wrong_scheme_is_refused(cast, scheme, change, error):
    schemes.create_scheme(by=cast.manager, name="Новая схема", segment="", steps=STEPS[:1])
    values = {"version": 1, "name": "Имя", "segment": "", "steps": STEPS, **change}
    with pytest.raises(error):
        schemes.edit_scheme(scheme.pk, by=cast.department_head, **values)


def test_who_composes_and_who_edits(cast, scheme):
    own = schemes.create_scheme(by=cast.manager, name="Своя", segment="", steps=STEPS[:1])
    may = set()
    for name, person in everybody(cast).items():
        try:
            schemes.archive_scheme(own.pk, by=person, version=own.version, archived=True)
        except (PermissionDenied, ApproachScheme.DoesNotExist):
            continue
        own.refresh_from_db()
        may.add(name)
    assert may == {"manager", "sector_head", "department_head", "stranger_head"}


def test_a_stranger_cannot_start_or_stop(cast, scheme, client):
    run = start(client, scheme, cast.manager)
    with pytest.raises(type(client).DoesNotExist):
        start(client, scheme, cast.manager2)
    with pytest.raises(SchemeRun.DoesNotExist):
        schemes.stop_scheme(run.pk, by=cast.manager2, reason="Так", now=NOW)


# The editor on screen


def sent(rows, **more):
    data = {"name": "Схема", "segment": "", "steps": str(len(rows)), **more}
    for place, (days, title) in enumerate(rows):
        data |= {
            f"step-{place}-offset_days": days, f"step-{place}-kind": "call",
            f"step-{place}-title": title, f"step-{place}-script": "",
        }  # fmt: skip
    return data


@pytest.mark.parametrize(
    ("command", "titles"),
    [
        ("add", ["один", "два", ""]), ("remove-0", ["два"]), ("up-1", ["два", "один"]),
        ("down-0", ["два", "один"]), ("up-0", ["один", "два"]), ("remove-77", ["один", "два"]),
        ("nonsense", ["один", "два"]), ("up-²", ["один", "два"]),
    ],
)  # fmt: skip
def test_the_buttons_of_the_editor_keep_what_was_typed(cast, command, titles):
    page = signed_in(cast.manager).post(
        "/clients/schemes/new/", sent([("0", "один"), ("3", "два")], command=command)
    )
    assert page.status_code == 200
    rows = page.context["editor"].rows
    assert [row["title"].value() or "" for row in rows] == titles
    days = [row["offset_days"].value() for row in rows[:2]]
    assert days == (["0", "3"] if len(rows) > 1 else ["3"])
    assert not ApproachScheme.objects.exists()


def test_the_editor_saves_and_refuses(cast):
    browser = signed_in(cast.manager)
    page = browser.post("/clients/schemes/new/", sent([("0", "один"), ("x", "")]))
    assert page.status_code == 422
    assert 'value="x"' in page.content.decode()
    page = browser.post("/clients/schemes/new/", sent([("0", "один"), ("3", "два")]))
    scheme = ApproachScheme.objects.get()
    assert page.headers["Location"] == f"/clients/schemes/{scheme.pk}/"
    assert browser.get(f"/clients/schemes/{scheme.pk}/").status_code == 200
    assert browser.get(f"/clients/schemes/{scheme.pk}/edit/").status_code == 200
    assert browser.get("/clients/schemes/").status_code == 200
    assert signed_in(cast.accountant).get("/clients/schemes/").status_code == 403
