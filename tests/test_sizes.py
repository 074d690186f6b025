"""Nothing grows too big to read: files, templates, functions and views (house style)."""

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PRODUCT = ("crm", "clients", "deals", "claims", "reports")
PYTHON = tuple(f"{name}/**/*.py" for name in (*PRODUCT, "tests", "scripts", "docker", "bench"))
PYTHON_LINES, TEMPLATE_LINES, FUNCTION_LINES, VIEW_LINES = 400, 150, 40, 20


def files(*patterns):
    """Files of the project; migrations are written by Django."""
    paths = (path for pattern in patterns for path in ROOT.glob(pattern))
    return sorted(path for path in paths if "migrations" not in path.parts and path.is_file())


def too_long(paths, limit):
    counted = {path: len(path.read_text("utf-8").splitlines()) for path in paths}
    return [f"{path.relative_to(ROOT)}: {n}" for path, n in counted.items() if n > limit]


def functions(path):
    """Names and lines; only statements hold functions, so no expression is looked into."""
    waiting = [ast.parse(path.read_text("utf-8"))]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, node.end_lineno - node.lineno + 1
        for part in ("body", "orelse", "finalbody", "handlers", "cases"):
            waiting += getattr(node, part, ())


def test_python_files_are_at_most_400_lines():
    assert too_long(files("*.py", *PYTHON), PYTHON_LINES) == []


def test_templates_are_at_most_150_lines():
    assert too_long(files("templates/**/*.*"), TEMPLATE_LINES) == []


def test_functions_are_at_most_40_lines_and_views_20():
    found = []
    for path in files(*(f"{package}/**/*.py" for package in PRODUCT)):
        relative = path.relative_to(ROOT)
        is_view = "views" in relative.parts or relative.name == "views.py"
        limit = VIEW_LINES if is_view else FUNCTION_LINES
        found += [f"{relative}: {name} {n}" for name, n in functions(path) if n > limit]
    assert found == []


def test_the_count_sees_a_file_that_is_too_long(tmp_path, monkeypatch):
    path = tmp_path / "long.py"
    path.write_text("x = 1\n" * (PYTHON_LINES + 1))
    monkeypatch.setitem(globals(), "ROOT", tmp_path)
    assert too_long([path], PYTHON_LINES) == ["long.py: 401"]
