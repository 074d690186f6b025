"""No template needs what the strict content security policy forbids (G-AC5)."""

import json
import re
from pathlib import Path

import crispy_bootstrap5
import pytest
from django.conf import settings

OWN = sorted((settings.BASE_DIR / "templates").rglob("*.html"))
CRISPY = sorted((Path(crispy_bootstrap5.__file__).parent / "templates").rglob("*.html"))
MODULES = sorted((settings.BASE_DIR / "static/js").glob("*.js"))
COMMENT = re.compile(r"{%\s*comment\b.*?{%\s*endcomment\s*%}|{#.*?#}", re.DOTALL)
TAG = re.compile(r"<[a-zA-Z][^<>]*>", re.DOTALL)
TEMPLATE_CODE = re.compile(r"{%.*?%}|{{.*?}}", re.DOTALL)
SCRIPT = re.compile(r"<script\b([^>]*)>(.*?)</script>", re.DOTALL | re.IGNORECASE)
FORBIDDEN = {
    "inline style": re.compile(r"\sstyle\s*=", re.IGNORECASE),
    "inline handler": re.compile(r"\son[a-z]+\s*=", re.IGNORECASE),
    "hx-on": re.compile(r"\s(?:data-)?hx-on\b"),
    "javascript: address": re.compile(r"=\s*[\"']?\s*javascript:", re.IGNORECASE),
    "evaluated hx-vals": re.compile(
        r"\shx-(?:vals|headers|vars)\s*=\s*[\"']?\s*(?:js|javascript):"
    ),
    "evaluated trigger filter": re.compile(r"\shx-trigger\s*=\s*[\"'][^\"']*\["),
    "foreign source": re.compile(r"\s(?:src|srcset)\s*=\s*[\"']?(?:https?:)?//", re.IGNORECASE),
}


def violations(source):
    """What in the template the browser would refuse."""
    source = COMMENT.sub("", source)
    found = [
        name
        for tag in TAG.findall(TEMPLATE_CODE.sub(" ", source))
        for name, pattern in FORBIDDEN.items()
        if pattern.search(tag)
    ]
    for attributes, body in SCRIPT.findall(source):
        is_data = "application/json" in attributes
        if body.strip() and not is_data:
            found.append("script with a body")
    if re.search(r"<style\b", source, re.IGNORECASE):
        found.append("style element")
    return found


@pytest.mark.parametrize("paths", [OWN, CRISPY], ids=["own", "crispy"])
def test_every_template_is_clean(paths):
    found = {str(path): violations(path.read_text("utf-8")) for path in paths}
    assert len(found) > 40
    assert {name: dirty for name, dirty in found.items() if dirty} == {}


@pytest.mark.parametrize(
    ("source", "violation"),
    [
        ('<p style="color: red">', "inline style"),
        ('<a {% if x %}onclick="f()"{% endif %} href="#">', "inline handler"),
        ('<button hx-on:click="f()">', "hx-on"),
        ('<a href="javascript:f()">', "javascript: address"),
        ("<div hx-vals='js:{a: f()}'>", "evaluated hx-vals"),
        ('<input hx-trigger="keyup[ctrlKey]">', "evaluated trigger filter"),
        ('<script src="//cdn.example.com/x.js"></script>', "foreign source"),
        ("<script>f()</script>", "script with a body"),
        ("<style>p {}</style>", "style element"),
    ],
)
def test_the_scan_sees_what_it_looks_for(source, violation):
    assert violation in violations(source)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
def test_a_module_needs_no_evaluation_and_no_markup(path):
    source = path.read_text("utf-8")
    assert not re.search(r"\beval\(|new Function\(|setTimeout\(\s*[\"'`]", source)
    assert not re.search(r"\.(?:inner|outer)HTML\s*=|insertAdjacentHTML|document\.write", source)
    assert not re.search(r"setAttribute\(\s*[\"']style", source)
    assert len(source.splitlines()) < 200


def test_style_sheets_load_nothing_from_elsewhere():
    for path in (settings.BASE_DIR / "static/css").glob("*.css"):
        source = path.read_text("utf-8")
        assert not re.search(r"@import|url\(\s*[\"']?(?:https?:)?//", source)
        assert len(source.splitlines()) < 300


def test_rules_for_phones_are_for_screens():
    """A sheet of A4 is as narrow as a phone to a media query; its tables stay tables."""
    for path in (settings.BASE_DIR / "static/css").glob("*.css"):
        assert not re.search(r"@media \(max-width", path.read_text("utf-8")), path.name


def test_templates_stay_short():
    long = {str(p): n for p in OWN if (n := len(p.read_text("utf-8").splitlines())) > 150}
    assert long == {}


def test_htmx_copies_no_style_attributes():
    """Its default list has `style`, which the policy reports whenever a drawn chart is replaced."""
    head = (settings.BASE_DIR / "templates/shell/_head.html").read_text("utf-8")
    config = json.loads(re.search(r"htmx-config\" content='([^']+)'", head)[1])
    assert "style" not in config["attributesToSettle"]
    assert config["allowEval"] is False
