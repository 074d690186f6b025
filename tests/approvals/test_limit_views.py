"""The page of signature limits: who reads, who edits, refusals at the field, the simulator."""

import pytest
from django.urls import reverse

from crm.approvals import limits
from crm.approvals.models import ApprovalRoute
from tests.approvals import toy
from tests.cast import signed_in

KIND = "discount"
HTMX = {"HX-Request": "true"}
LIST = reverse("approvals:limit_list")
EDIT = reverse("approvals:limit_edit", args=[KIND])
VISAS = reverse("approvals:limit_visas", args=[KIND])


def typed(category="A", version=1, **changes):
    """The dialog of a ladder as a browser sends it."""
    data = {"version": version, "category": category}
    for role, percent in [("manager", "3"), ("department_head", "10,5"), ("director", "15")]:
        data |= {role: "on", f"{role}-discount": percent, f"{role}-due": "2"}
    return data | changes


def ladder(category):
    route = ApprovalRoute.objects.get(kind=KIND, active=True)
    rows = limits.ladder(list(route.levels.all()), category)
    return [(row.role, row.max_percent and str(row.max_percent)) for row in rows]


def test_the_table_shows_who_decides_up_to_where(cast):
    text = signed_in(cast.director).get(LIST).content.decode()
    assert "20\u00a0000\u00a0000\u00a0₽" in text
    assert "без ограничения" in text
    assert f"{EDIT}?category=A" not in text
    assert f"{EDIT}?category=A" in signed_in(cast.admin).get(LIST).content.decode()


def test_all_matrices_cost_as_many_queries_as_one(cast, django_assert_max_num_queries):
    browser = signed_in(cast.admin)
    browser.get(LIST)
    with django_assert_max_num_queries(9):
        browser.get(LIST)


def test_the_administrator_changes_a_ladder(cast):
    browser = signed_in(cast.admin)
    shown = browser.get(EDIT, {"category": "A"}, headers=HTMX).content.decode()
    assert 'name="department_head-discount" value="10,00"' in shown
    answer = browser.post(EDIT, typed(), headers=HTMX)
    assert (answer.status_code, answer["HX-Refresh"]) == (204, "true")
    assert ladder("A") == [("manager", "3.00"), ("department_head", "10.50"), ("director", "15.00")]
    assert browser.post(EDIT, typed(version=2, follow="1")).status_code == 302
    assert ladder("A") == ladder("")
    history = browser.get(reverse("approvals:limit_history", args=[KIND])).content.decode()
    assert "10\u00a0% → 10,50\u00a0%" in history


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"director-discount": "9"}, "director-discount"),
        ({"department_head-discount": ""}, "director-discount"),
        ({"director-discount": "101"}, "director-discount"),
        ({"director-discount": "x"}, "director-discount"),
        ({"director-due": "0"}, "director-due"),
        ({"version": "7"}, "__all__"),
        ({"category": "D"}, "__all__"),
    ],
)
def test_a_refusal_stands_at_its_field_and_keeps_what_was_typed(cast, changes, field):
    answer = signed_in(cast.admin).post(EDIT, typed(**changes), headers=HTMX)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert 'value="10,5"' in answer.content.decode() or "department_head-discount" in changes
    assert ApprovalRoute.objects.filter(kind=KIND).count() == 1


def test_the_administrator_changes_the_visas(cast):
    browser = signed_in(cast.admin)
    data = {"version": 1, "steps-TOTAL_FORMS": 6, "steps-INITIAL_FORMS": 0}
    data |= {"steps-0-office": "role:lawyer", "steps-0-due_working_days": "3"}
    assert browser.post(VISAS, data, headers=HTMX).status_code == 204
    step = ApprovalRoute.objects.get(kind=KIND, active=True).steps.get()
    assert (step.kind, step.role, step.due_working_days) == ("visa", "lawyer", 3)
    twice = data | {"version": 2, "steps-INITIAL_FORMS": 1, "steps-1-office": "role:lawyer"}
    twice["steps-1-due_working_days"] = "1"
    assert browser.post(VISAS, twice, headers=HTMX).status_code == 422


def ask(person, **query):
    return signed_in(person).get(LIST, {"kind": KIND, **query}, headers=HTMX)


def test_who_would_sign_this(cast):
    named = ask(cast.admin, discount="4", author=cast.manager.pk)
    assert "Петров\u00a0П.\u00a0И." in named.content.decode()
    assert 'id="_limit_simulator"' in named.content.decode()
    assert "<html" not in named.content.decode()
    by_office = ask(cast.director, discount="7,01", category="B").content.decode()
    assert "Директор" in by_office
    assert "15\u00a0%" in by_office
    assert "Никто" in ask(cast.admin, discount="15,01").content.decode()
    own = ask(cast.admin, discount="3", author=cast.manager.pk)
    assert own.context["answer"].is_own
    assert own.context["answer"].steps == []


@pytest.mark.parametrize(
    "query",
    [{}, {"discount": "x"}, {"discount": ""}, {"discount": "5", "category": "D"},
     {"discount": "5", "author": "x"}, {"kind": "nothing", "discount": "5"}],
)  # fmt: skip
def test_a_question_that_is_not_whole_has_no_answer(cast, query):
    answer = ask(cast.admin, **query)
    assert answer.status_code == 200
    assert "answer" not in answer.context


def test_an_unknown_kind_is_not_found(cast):
    browser = signed_in(cast.admin)
    for name in ("limit_edit", "limit_visas", "limit_history"):
        assert browser.get(reverse(f"approvals:{name}", args=["nothing"])).status_code == 404
    assert toy.KIND not in browser.get(LIST).content.decode()
