"""Every page of the matrix in Chromium: accessible, within the screen, silent (ux, G-IN2).

Every text of the clients' rows is markup that tries to run: no dialog opens, nothing is fetched
from elsewhere, and the strict policy has nothing to report.

Half of the walk speaks Russian on a phone by night, half English on a desk by day; the pages people
spend their day on are seen both ways. Every page has to fit both screens.
"""

import pytest
from django.utils import timezone

from crm.accounts.models import User
from tests.authz import addresses
from tests.authz.asking import ORDER
from tests.authz.matrix import MATRIX
from tests.authz.planting import MARKUP, plant
from tests.authz.world import build
from tests.browsing import SIZES, become, fits, settled, violations
from tests.cast import assemble
from tests.factories import categories, contacts

LOOKS = (("en", "desktop", "light"), ("ru", "phone", "dark"))
SHARES = 8  # so that workers share the walk evenly
LONG = "Длинное слово " + "ы" * 90
OPENED = sorted(name for name, (get, _post) in MATRIX.items() if "." in get)
# What people spend their day on, and states that the matrix does not ask for.
MORE = (
    ("manager", "/my-day/"),
    ("sector_head", "/my-day/"),
    ("sector_head", "/my-day/?manager={manager}"),
    ("manager", "/decisions/?tab=mine"),
    ("department_head", "/decisions/"),
    ("director", "/decisions/?tab=decided"),
    ("director", "/"),
    ("manager", "/clients/contacts/new/?client={client}"),
    ("manager", "/clients/contacts/{planned}/"),
    ("manager", "/clients/{new}/category/propose/"),
    ("sector_head", "/clients/plan/?manager={manager}"),
    ("department_head", "/clients/contacts/?tab=unassigned"),
    ("marketer", "/clients/{client}/"),
    ("admin", "/people/new/"),
    ("admin", "/people/{manager}/"),
    ("admin", "/people/{manager}/edit/"),
    ("admin", "/people/{manager}/deactivate/"),
)


@pytest.fixture
def places(live_app):
    """Who opens which address, in two halves; the rows there have something to say."""
    cast = assemble()
    world = build(cast)
    client = categories.Client.objects.get(pk=world.client)
    contacts.done(client, cast.manager, timezone.now(), summary=LONG)
    contacts.planned(client, cast.manager, "2026-10-12", state="missed")
    assert len(plant(MARKUP)) > 25
    rows = {
        **vars(world),
        "manager": cast.manager.pk,
        "new": categories.client(cast.manager, category=None, code="NEW").pk,
    }
    often = [(getattr(cast, who), path.format(**rows)) for who, path in MORE]
    found = []
    for name in OPENED:
        who = ORDER[MATRIX[name][0].index(".")]
        found.append((getattr(cast, who), addresses.address(name, world)))
    return often + found[::2], often + found[1::2]


def opens(page, path):
    """Go there and tell whether it is a whole page, not a fragment or a file."""
    from playwright.sync_api import Error  # only where a browser is

    try:
        return "<html" in page.goto(path).text()
    except Error as problem:
        if "Download is starting" in problem.message:
            return False
        raise


@pytest.mark.parametrize("share", range(SHARES))
def test_every_page_is_accessible_fits_and_is_silent(places, open_page, share):
    language, size, scheme = LOOKS[share % 2]
    User.objects.update(language=language)
    page, broken, read, now, seen = open_page(size=size, color_scheme=scheme), [], "", None, set()
    for person, path in places[share % 2][share // 2 :: SHARES // 2]:
        if person != now:
            become(page, person)
            now = person
        if not opens(page, path):
            continue
        settled(page)
        # The frame of a person's pages is the same: its contrast is looked at once.
        around = "main" if person in seen else None
        seen.add(person)
        broken += [(path, found) for found in violations(page, contrast=around)]
        read += page.inner_text("main")
        for width in SIZES.values():
            page.set_viewport_size(width)
            if not fits(page):
                broken.append((path, "wider than the screen", width))
        page.set_viewport_size(SIZES[size])
    assert broken == []
    assert page.foreign == []
    assert [word for word in MARKUP if word in read], "the markup is shown as it was typed"
