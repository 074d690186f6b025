"""The bell and its page."""

import pytest
from django.urls import reverse

from crm.notices import actions, kinds
from crm.notices.models import Notice
from crm.notices.page import PAGE, unread_count
from tests.cast import signed_in


@pytest.fixture(autouse=True)
def _a_kind(monkeypatch):
    monkeypatch.setattr(kinds, "_kinds", {**kinds._kinds, "test.said": "%(who)s said hello"})


def tell(person, key="k", url="/clients/", who="Anna"):
    actions.notify(
        person, kind="test.said", params={"who": who}, url=url, dedupe_key=key, email=False
    )
    return Notice.objects.get(user=person, dedupe_key=key)


def test_opening_a_notice_marks_it_and_goes_where_it_points(manager):
    notice = tell(manager)
    assert unread_count(manager) == 1
    answer = signed_in(manager).post(reverse("notices:open", args=[notice.pk]))
    assert (answer.status_code, answer.url) == (302, "/clients/")
    assert unread_count(manager) == 0


@pytest.mark.parametrize(
    "url", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", ""]
)
def test_a_notice_never_leads_off_the_site(manager, url):
    notice = tell(manager, url=url)
    answer = signed_in(manager).post(reverse("notices:open", args=[notice.pk]))
    assert answer.url == reverse("notices:list")


def test_the_notice_of_another_person_does_not_exist(manager, manager2):
    notice = tell(manager2)
    answer = signed_in(manager).post(reverse("notices:open", args=[notice.pk]))
    assert answer.status_code == 404
    assert unread_count(manager2) == 1


def test_the_list_shows_own_notices_newest_first_page_by_page(manager, manager2):
    for number in range(PAGE + 3):
        tell(manager, key=f"k{number}", who=f"N{number:02d}.")
    tell(manager2, who="Somebody else")
    client = signed_in(manager)
    first = client.get(reverse("notices:list")).content.decode()
    assert "N32." in first
    assert "N02." not in first
    assert "Somebody else" not in first
    before = sorted(Notice.objects.filter(user=manager).values_list("pk", flat=True))[3]
    rest = client.get(reverse("notices:list"), {"before": before}, headers={"HX-Request": "true"})
    assert "N02." in rest.content.decode()
    assert "<html" not in rest.content.decode()


@pytest.mark.parametrize("before", ["", "abc", "-1", "١٢", "9" * 40, "\0"])
def test_nonsense_instead_of_a_position_shows_the_first_page(manager, before):
    tell(manager)
    answer = signed_in(manager).get(reverse("notices:list"), {"before": before})
    assert answer.status_code == 200
    assert "Anna said hello" in answer.content.decode()


def test_markup_in_a_name_is_shown_as_it_was_typed(manager):
    tell(manager, who="<script>alert(1)</script>")
    page = signed_in(manager).get(reverse("notices:list")).content.decode()
    assert "&lt;script&gt;alert(1)" in page


def test_all_can_be_marked_as_read_at_once(manager, manager2):
    tell(manager)
    tell(manager2)
    signed_in(manager).post(reverse("notices:read_all"))
    assert (unread_count(manager), unread_count(manager2)) == (0, 1)


def test_only_the_administrator_sends_again(cast):
    url = reverse("notices:send_again")
    assert signed_in(cast.manager).post(url).status_code == 403
    assert signed_in(cast.admin).post(url).status_code == 302
