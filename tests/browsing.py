"""Pages in a real Chromium: signed in, with a silent console, accessible and within the screen."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings

from tests.cast import signed_in

SIZES = {"desktop": {"width": 1440, "height": 900}, "phone": {"width": 360, "height": 740}}
# What is wrong and where; without a path to each element and a second load of each stylesheet.
AXE = {"resultTypes": ["violations"], "selectors": False, "preload": False}
REFUSED = "422 (Unprocessable"  # Chromium mentions every refused form; tests look at its text


@pytest.fixture
def open_page(chromium: Any, live_app: str) -> Iterator[Callable]:
    """Opens a page of a person or a visitor; any error in the console fails the test.

    `page.troubles` holds the errors: a test that causes one on purpose takes it out.
    """
    contexts, troubles = [], []

    def note(line: Any) -> None:
        bare = "favicon" in line.location["url"]  # an answer without a page has no icon
        if line.type == "error" and REFUSED not in line.text and not bare:
            troubles.append(line.text)

    def opened(person: Any = None, size: str = "desktop", **options: Any) -> Any:
        options = {"viewport": SIZES[size], "reduced_motion": "reduce", **options}
        context = chromium.new_context(base_url=live_app, **options)
        contexts.append(context)
        page = context.new_page()
        page.address = live_app
        if person is not None:
            become(page, person)
        page.on("console", note)
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.troubles = troubles
        return page

    yield opened
    for context in contexts:
        context.close()
    assert troubles == []


def become(page: Any, person: Any) -> None:
    """From the next address on the page is this person's."""
    name = settings.SESSION_COOKIE_NAME
    session = signed_in(person).cookies[name].value
    page.context.add_cookies([{"name": name, "value": session, "url": page.address}])


def settled(page: Any) -> None:
    """Wait for the fragments that a page fetches by itself."""
    from playwright.sync_api import expect  # only where a browser is

    expect(page.locator(".htmx-request")).to_have_count(0)


def violations(page: Any, within: str | None = None) -> list:
    """What axe has against the page, or a part of it: rules and the elements that break them."""
    found = Axe().run(page, context=within, options=AXE).response["violations"]
    return [(rule["id"], [node["html"][:140] for node in rule["nodes"]]) for rule in found]


def fits(page: Any) -> bool:
    """Nothing is wider than the screen."""
    return page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def small_targets(page: Any, selector: str) -> list:
    """Visible elements that a finger would miss: less than 44 pixels in a direction."""
    return page.evaluate(
        """selector => [...document.querySelectorAll(selector)]
            .map(e => [e.textContent.trim() || e.ariaLabel, e.getBoundingClientRect()])
            .filter(([, box]) => box.width && (box.width < 44 || box.height < 44))
            .map(([name, box]) => `${name} ${box.width}x${box.height}`)""",
        selector,
    )


def press(page: Any, code: str, key: str = "", **modifiers: bool) -> None:
    """A key by its place, as another keyboard layout sends it."""
    page.evaluate(
        """event => (document.activeElement || document.body).dispatchEvent(
            new KeyboardEvent("keydown", event))""",
        {"code": code, "key": key, "bubbles": True, "cancelable": True, **modifiers},
    )
