"""Money is Decimal everywhere: binary floats move clients between A, B and C (G-DB7)."""

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MODULES = sorted(
    path.relative_to(ROOT).as_posix()
    for app in ("crm", "clients", "deals", "claims", "reports")
    for path in (ROOT / app).rglob("*.py")
)


def float_places(text):
    """Yield the lines that make or store a binary float; without the word there are none."""
    if "float" not in text.casefold():
        return
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if name in ("float", "FloatField"):
                yield node.lineno


def test_no_module_makes_a_binary_float():
    texts = {name: (ROOT / name).read_text(encoding="utf-8") for name in MODULES}
    found = {name: lines for name, text in texts.items() if (lines := list(float_places(text)))}
    assert len(texts) > 500
    assert found == {}


def test_the_guard_sees_a_float():
    assert list(float_places("price = float('1.5')")) == [1]
    assert list(float_places("price = models.FloatField()")) == [1]
