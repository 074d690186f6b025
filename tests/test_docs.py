"""What the pages for developers name is there, and every room is named."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGES = [ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
APPS = "crm|clients|deals|claims|reports"
# Whole paths, and files of the app whose page it is (docs/subjects/deals.md: `actions/acts.py`).
NAMED = re.compile(rf"`((?:{APPS}|tests|scripts|templates|static|docs)/[\w/.-]+\.\w+)")
OF_THE_APP = re.compile(rf"`((?!(?:{APPS}|tests|scripts|docs)/)[\w/]+\.py)\b")


def missing(page):
    text = page.read_text("utf-8")
    gone = [name for name in NAMED.findall(text) if not (ROOT / name).exists()]
    app = ROOT / page.stem
    if page.parent.name == "subjects" and app.is_dir():
        gone += [
            name
            for name in OF_THE_APP.findall(text)
            if not (ROOT / name).exists() and not any(app.rglob(name))
        ]
    return [f"{page.relative_to(ROOT)}: {name}" for name in gone]


def test_every_file_that_the_pages_name_exists():
    assert len(PAGES) > 20
    assert [line for page in PAGES for line in missing(page)] == []


def test_the_architecture_names_every_room_of_crm():
    page = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    rooms = [path.parent.name for path in (ROOT / "crm").glob("*/__init__.py")]
    assert len(rooms) > 10
    assert [room for room in sorted(rooms) if f"`crm/{room}`" not in page] == []
