"""Parts of the shell kept in memory belong to a role, never to a person."""

import re

import pytest
from django.conf import settings
from django.urls import reverse

from crm.accounts.models import User
from tests.cast import signed_in

TEMPLATES = settings.BASE_DIR / "templates"
USED = {
    name
    for path in TEMPLATES.rglob("*.html")
    for name in re.findall(r'{%\s*shell_part\s+"([^"]+)"', path.read_text("utf-8"))
}


@pytest.mark.parametrize("name", sorted(USED))
def test_a_kept_part_asks_for_nothing_personal(name):
    source = (TEMPLATES / name).read_text("utf-8")
    code = " ".join(re.findall(r"{[{%].*?[}%]}", source))
    assert not re.search(r"\b(user|request|csrf_token|messages|perms)\b", code)
    assert not re.search(r"shell\.(user|theme|demo_logins|languages)", code)


def test_colleagues_get_the_same_parts_each_in_their_language(cast):
    User.objects.filter(pk=cast.manager2.pk).update(language="en")
    pages = [
        signed_in(person).get(reverse("usersessions_list")).content.decode()
        for person in (cast.manager, cast.manager2, cast.admin)
    ]
    rails = [re.search(r"<aside.*?</aside>", page, re.DOTALL)[0] for page in pages]
    assert len(set(rails)) == 3
    assert cast.manager.short_name in pages[0]
    assert cast.manager.short_name not in pages[1]


def test_the_line_of_the_page_is_the_current_one(cast):
    client = signed_in(cast.manager)
    for name in ("approvals:inbox", "work:calendar"):
        page = client.get(reverse(name)).content.decode()
        assert re.search(rf'href="{reverse(name)}" aria-current="page"', page)
    page = client.get(reverse("usersessions_list")).content.decode()
    assert 'nav-link" href' in page
    assert not re.search(r'nav-link" href="[^"]+" aria-current', page)
