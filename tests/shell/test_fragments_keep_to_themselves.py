"""A part of a page that reloads itself passes its own target and swap to nothing inside it.

htmx hands attributes down: with `hx-swap="outerHTML"` on the part, a link inside it that opens a
dialog would put the dialog in the place of the page's own dialog, which then never opens.
"""

import re

import pytest
from django.conf import settings

TEMPLATES = settings.BASE_DIR / "templates"
TAG = re.compile(r"<[a-z]+(?:{%.*?%}|{{.*?}}|[^<>])*>", re.DOTALL)
EVENT = re.compile(r"\shx-trigger=\"[^\"]*from:body")
ALONE = re.compile(r"\shx-swap=\"none\"")

CLOSED = re.compile(r"\s*(?:{% skeleton \d+ %}\s*)?</")


def passing_on(source):
    """Opening tags of parts that listen to the page and hand their attributes down."""
    listening = [tag for tag in TAG.findall(source) if EVENT.search(tag)]
    return [tag for tag in listening if 'hx-disinherit="*"' not in tag and not ALONE.search(tag)]


def test_parts_that_reload_themselves_hand_nothing_down():
    found = {}
    for path in sorted(TEMPLATES.rglob("*.html")):
        if tags := passing_on(path.read_text("utf-8")):
            found[str(path.relative_to(TEMPLATES))] = tags
    assert found == {}


def test_headers_of_a_part_go_with_its_own_request_alone():
    """htmx hands hx-headers down past hx-disinherit: a dialog asked inside would be boosted."""
    found = []
    for path in sorted(TEMPLATES.rglob("*.html")):
        source = path.read_text("utf-8")
        tags = [tag for tag in TAG.finditer(source) if "hx-headers=" in tag[0]]
        tags = [tag for tag in tags if not tag[0].startswith("<body")]
        found += [(path.name, tag[0]) for tag in tags if not CLOSED.match(source, tag.end())]
    assert found == []


@pytest.mark.parametrize(
    "tag",
    [
        '<div hx-get="{% url "a:b" %}" hx-trigger="x-changed from:body" hx-swap="outerHTML">',
        '<div\n hx-get="{{ a }}"\n hx-trigger="load, x from:body">',
    ],
)
def test_the_scan_sees_what_it_looks_for(tag):
    assert passing_on(f"<main>{tag}<a href='#'></a></div></main>") == [tag]
