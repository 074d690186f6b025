"""Every page says where it stands: its breadcrumbs, and the line of the rail that it belongs to."""

import re
from html import unescape

import pytest
from django.urls import reverse

from tests.authz import addresses, asking

# Those with the longest rails first: a page has no line for whoever is not offered it.
ASKED = ("department_head", "director", "sector_head", "manager", "accountant", "lawyer", "admin")
# Of everything: what is found, told, counted or set up for the person.
NO_LINE = {"accounts:profile", "notices:list", "reports:how", "reports:search"}
# What starts from a client, or has its address elsewhere, belongs to the list where it ends.
BELONGS = {
    "claims:register": "claims:list",
    "claims:start": "claims:list",
    "claims:outgoing_create": "claims:outgoing_list",
    "claims:outgoing_start": "claims:outgoing_list",
    "claims:lawsuit_move": "claims:outgoing_list",
    "clients:campaign_history": "clients:sheet_list",
    "clients:letter_write": "clients:letter_list",
    "deals:contract_create": "deals:contract_list",
    "deals:document_add": "clients:list",
    "deals:limit_close": "reports:receivables",
    "deals:own_account_create": "deals:statement_list",
    "deals:scheme_create": "deals:scheme_list",
    "deals:retro_create": "deals:retro_list",
    "deals:terms_request": "deals:terms_list",
    "files:replace": "clients:list",
    "reports:budget_correct": "reports:budget",
}
CRUMB = re.compile(r'<li class="breadcrumb-item.*?</li>', re.S)
MARKED = re.compile(r'<a class="nav-link" href="([^"?]*)[^"]*" aria-current="page">(.*?)</a>', re.S)
HREF = re.compile(r'href="([^"?]*)')


def text(html):
    return " ".join(unescape(re.sub("<[^>]+>", " ", html)).split())


def place_of(browser, url):
    """Breadcrumbs (words, address) and the marked line (address, words); None without a rail."""
    answer = asking.answer_of(browser, "get", url)
    page = "" if answer.streaming else answer.content.decode(errors="replace")
    if 'id="rail"' not in page:
        return None
    crumbs = [
        (text(one), (HREF.findall(one) or [""])[0])
        for one in CRUMB.findall(page[page.index('class="breadcrumb') :])
    ]
    rail = page[page.index('id="rail"') : page.index("</aside>")]
    marked = MARKED.search(rail)
    return crumbs, (marked[1], text(marked[2])) if marked else None


def places(name, world, people):
    """Where the page stands for those who open it, until one of them has its line."""
    letters = asking.answers(name, "get")
    who = sorted(people, key=lambda one: ASKED.index(one) if one in ASKED else len(ASKED))
    for one in who:
        if letters[one] != "." or one == "anonymous":
            continue
        found = place_of(people[one], addresses.address(name, world))
        if found is None:
            return
        yield found
        if found[1]:
            return


def faults(name, url, found):
    """What is wrong with the place of the page."""
    if not found:
        return
    crumbs, marked = found[-1]
    if not all(crumbs for crumbs, _line in found):
        yield "no breadcrumbs"
    if (marked is None) != (name in NO_LINE):
        yield f"marks {marked}"
    if marked and name in BELONGS and marked[0] != reverse(BELONGS[name]):
        yield f"marks {marked}, belongs to {BELONGS[name]}"
    if marked and crumbs and marked[0] != url and crumbs[0][1] != marked[0]:
        yield f"marks {marked}, begins with {crumbs[0]}"


def test_every_page_has_breadcrumbs_that_begin_with_its_line_of_the_rail(world, people):
    wrong, shown = [], 0
    for name in addresses.names():
        if name == "work:ready":
            continue
        found = list(places(name, world, people))
        shown += bool(found)
        url = addresses.address(name, world)
        wrong += [(name, fault) for fault in faults(name, url, found)]
    assert not wrong, "\n".join(map(str, wrong))
    assert shown > 400


@pytest.mark.parametrize("name", BELONGS)
def test_what_is_asked_of_by_name_is_a_page(name):
    assert "." in asking.answers(name, "get").values()
