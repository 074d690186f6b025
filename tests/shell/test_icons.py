"""Every icon that is named exists in the icon font, so that no button is an empty square."""

import re

import pytest
from django.conf import settings

from crm.shell import nav

FONT = settings.BASE_DIR / "static/vendor/tabler-icons/tabler-icons.min.css"
KNOWN = set(re.findall(r"\.ti-([a-z0-9-]+):+before", FONT.read_text("utf-8")))
TEMPLATE = re.compile(
    r"""\bti ti-([a-z0-9-]+)(?=["' ])|{%\s*icon\s+"([^"]+)"|icon="([a-z0-9-]+)\""""
)
MARK = re.compile(r"""{%\s*(?:reason|status)_chip\s+\S+\s+"[^"]*"\s+"([a-z0-9-]+)\"""")
CODE = re.compile(r"""\bicon(?:_name)?\s*=\s*"([a-z0-9-]+)\"""")
SCRIPT = re.compile(r"\bti ti-([a-z0-9-]+)\b")
APPS = ("crm", "clients", "deals", "claims", "reports")


def named():
    """Pairs of file and icon."""
    base = settings.BASE_DIR
    files = [(path, (TEMPLATE, MARK)) for path in (base / "templates").rglob("*.html")]
    files += [(path, (CODE,)) for app in APPS for path in (base / app).rglob("*.py")]
    files += [(path, (SCRIPT,)) for path in (base / "static/js").glob("*.js")]
    for path, patterns in files:
        text = path.read_text("utf-8")
        for pattern in patterns:
            for found in pattern.finditer(text):
                yield path.relative_to(base).as_posix(), next(filter(None, found.groups()))
    yield from ((item.url_name, item.icon) for item in nav.declared())


def test_every_named_icon_exists():
    assert len(KNOWN) > 4000
    missing = {(place, icon) for place, icon in named() if icon not in KNOWN}
    assert missing == set()


@pytest.mark.parametrize(
    "source",
    [
        '<i class="ti ti-zzz" aria-hidden="true">',
        '{% icon "zzz" %}',
        '{% empty_state "" icon="zzz" %}',
    ],
)
def test_the_scan_finds_a_name_in_a_template(source):
    found = TEMPLATE.search(source)
    assert next(filter(None, found.groups())) == "zzz"
