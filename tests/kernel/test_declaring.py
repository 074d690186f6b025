"""What apps declare when they are ready: nothing takes the place of another unheard."""

import ast
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from clients.contacting import next_step
from crm import history
from crm.approvals import registry as approvals
from crm.declaring import declare, declare_also, declare_only
from crm.notices import kinds as notices
from crm.work import periodic, seeds
from crm.work import registry as settings

ROOT = Path(__file__).resolve().parents[2]
APPS = ("crm", "clients", "deals", "claims", "reports")
# Kept for a while: no declarations.
KEPT = {
    "crm/copying.py: _sequences",
    "crm/lists/filtering.py: _NAMES",
    "crm/shell/nav.py: _offered",
    "crm/shell/parts.py: _kept",
    "crm/trigger_names.py: _names",
    "crm/work/registry.py: _cache",
    "reports/pages/kept.py: _kept",
}


def test_a_key_that_is_taken_is_refused_and_the_first_stays():
    known = {}
    declare(known, "sheets", 1)
    with pytest.raises(ImproperlyConfigured, match="'sheets' is declared twice: as 1 and 2"):
        declare(known, "sheets", 2)
    assert known == {"sheets": 1}


def test_what_is_asked_along_with_others_is_asked_once():
    known = []
    declare_also(known, "a")
    declare_also(known, "b")
    with pytest.raises(ImproperlyConfigured, match="'a' is declared twice"):
        declare_also(known, "a")
    assert known == ["a", "b"]


def test_of_what_there_is_one_there_are_no_two():
    known = []
    declare_only(known, "a")
    with pytest.raises(ImproperlyConfigured, match="'b' is one too many"):
        declare_only(known, "b")
    assert known == ["a"]


@pytest.mark.parametrize(
    "again",
    [
        lambda: approvals.register(approvals.handlers()[0]),
        lambda: next_step.register(next_step.rules()[0]),
        lambda: periodic.register(
            periodic.jobs()[0].kind, due=periodic.daily(0), run=lambda *, today: 0
        ),
        lambda: seeds.register(next(iter(seeds._seeders)), lambda: 0),
        lambda: notices.register(min(notices.known()), title="x"),
        lambda: history.name_verbs({next(iter(history._verbs)): "x"}),
        lambda: settings.register(
            settings.declarations()[0].key, kind=settings.Kind.INT, default=1, label="x", group="x"
        ),
    ],
)
def test_the_registries_refuse_a_key_that_is_taken(again):
    with pytest.raises(ImproperlyConfigured, match="is declared twice"):
        again()


def written_past(path):
    """Module-level dicts and lists that functions of the module write to by themselves."""
    tree = ast.parse(path.read_text("utf-8"))
    known = {
        target.id
        for node in tree.body
        if isinstance(node, ast.Assign | ast.AnnAssign)
        and isinstance(node.value, ast.Dict | ast.List)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(target, ast.Name)
    }
    calls = ("append", "extend", "update", "setdefault", "insert")
    for node in ast.walk(tree):
        match node:
            case ast.Subscript(value=ast.Name(id=name), ctx=ast.Store()) if name in known:
                yield name
            case ast.Expr(
                value=ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr=how))
            ) if name in known and how in calls:
                yield name


def test_no_registry_writes_past_the_one_way():
    found = {
        f"{path.relative_to(ROOT)}: {name}"
        for app in APPS
        for path in sorted((ROOT / app).rglob("*.py"))
        for name in written_past(path)
    }
    assert found == KEPT
