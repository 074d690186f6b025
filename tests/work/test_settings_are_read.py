"""A setting that nothing reads would be a promise on the page of settings that is not kept."""

import ast
from functools import cache
from pathlib import Path

import pytest

from crm.work import registry

ROOT = Path(__file__).resolve().parents[2]
APPS = ("crm", "clients", "deals", "claims", "reports")


@cache
def texts():
    """Every text of the code, and the beginnings of those that are put together."""
    whole, begun = [], set()
    for app in APPS:
        for path in (ROOT / app).rglob("*.py"):
            if "migrations" in path.parts:
                continue
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
                    begun.add(node.values[0].value)
                elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                    whole.append(node.value)
    return whole, begun


@pytest.mark.parametrize("key", [one.key for one in registry.declarations()])
def test_every_setting_is_read_somewhere_beside_its_declaration(key):
    whole, begun = texts()
    named = whole.count(key)
    put_together = any("." in start and key.startswith(start) for start in begun)
    assert named > 1 or put_together, f"nothing reads {key}"
