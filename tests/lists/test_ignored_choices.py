"""A choice in an address that nobody knows is said where it stands; the rest goes on."""

import pytest
from django.urls import reverse

from tests.cast import signed_in
from tests.factories import clients

SAID = "Такого варианта нет"
HTMX = {"HX-Request": "true"}


@pytest.mark.parametrize(
    ("kept", "wrong"),
    [("kind=email", "result=99999"), ("mine=1", "kind=telepathy"), ("kind=email", "mine=да")],
)
def test_the_timeline_names_what_it_does_not_know(cast, kept, wrong):
    client = clients.client(cast.manager)
    url, window = reverse("clients:timeline", args=[client.pk]), signed_in(cast.manager)
    answer = window.get(f"{url}?{kept}&{wrong}", headers=HTMX)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert SAID in page
    assert f"<code>{wrong.partition('=')[0]}</code>" in page
    assert f'href="{url}?{kept}"' in page
    assert window.get(f"{url}?{kept}", headers=HTMX).status_code == 200


@pytest.mark.parametrize("wrong", ["months=13", "view=weeks"])
def test_the_budget_names_months_that_it_does_not_know(cast, wrong):
    window, url = signed_in(cast.director), reverse("reports:budget")
    answer = window.get(f"{url}?{wrong}")
    assert answer.status_code == 400
    assert SAID in answer.content.decode()
    assert window.get(f"{url}?months=q1").status_code == 200


@pytest.mark.parametrize("wrong", ["by=x", "client=abc", "page=0", "due_from=31.02.2026"])
def test_receivables_say_what_they_do_not_understand_and_are_shown(cast, wrong):
    window, url = signed_in(cast.director), reverse("reports:receivables")
    answer = window.get(f"{url}?{wrong}")
    page = answer.content.decode()
    assert answer.status_code == 400
    assert answer.templates[0].name == "reports/receivables.html"
    assert f"<code>{wrong.partition('=')[0]}</code>" in page
    assert f'href="{url}?by=manager"' in page


@pytest.mark.parametrize("value", ["maybe", "2", "да"])
def test_a_yes_or_no_that_is_neither_is_said(cast, value):
    window, url = signed_in(cast.manager), reverse("clients:list")
    answer = window.get(url, {"silent": value, "without_next": "1"})
    (problem,) = answer.context["list"].state.problems
    assert (answer.status_code, problem.key) == (400, "silent")
    assert "Выберите «да» или «нет»" in answer.content.decode()
    for known in ("true", "0", "unknown"):  # the last one is what a panel sends for neither
        assert window.get(url, {"silent": known}).status_code == 200
