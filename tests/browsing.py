"""Pages in a real Chromium: signed in, with a silent console, accessible and within the screen."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings

from tests import live
from tests.cast import signed_in

SIZES = {"desktop": {"width": 1440, "height": 900}, "phone": {"width": 360, "height": 740}}
# What is wrong and where; without a path to each element and a second load of each stylesheet.
# All that it passed would be written out and sent here too.
AXE = {"resultTypes": ["violations"], "selectors": False, "preload": False}
# A script of the same origin, as the policy asks for. Contrast costs more than all other rules, so
# three elements of each look are enough that are seen, in use and have a text: what has the same
# colour over the same grounds, from the root down, is as easy to read, if both are large or both
# are not. A ground is what paints; what leaves the flow lies on who knows what, so each kind of it
# is a ground of its own. A walk through many pages remembers the looks under a name, and each is
# looked at three times in all at each width.
# The frame is the same on all pages of a person. Whoever looks at the rest alone still looks at a
# whole page: rules of titles, landmarks and headings hold. But for it axe would build its tree of
# the frame, which is most of a page, so it stands there empty.
BUT_FRAME = ".rail, .topbar, .bottombar, .toasts, dialog"
RUN_AXE = """async ([source, part, contrast, without, options, memory]) => {
    const parts = without ? [...document.querySelectorAll(without)] : [];
    const taken = parts.flatMap(part => [...part.querySelectorAll("[id]")].map(({id}) => id));
    for (const part of parts) part.replaceChildren();
    const twice = taken.filter(id => document.getElementById(id));
    if (!window.axe) {
        const script = Object.assign(document.createElement("script"), {src: source});
        document.head.append(script);
        await new Promise((loaded, failed) => {
            Object.assign(script, {onload: loaded, onerror: failed});
        });
        axe.configure({rules: [{id: "color-contrast", selector: "[data-look-at]"}]});
    }
    const looks = new Map(JSON.parse((memory && sessionStorage.getItem(memory)) || "[]"));
    const known = look => {
        if (!looks.has(look)) looks.set(look, [looks.size, 0]);
        return looks.get(look);
    };
    const ground = (element, style, above) => {
        const clear = style.backgroundColor === "rgba(0, 0, 0, 0)";
        const paint = [clear ? "" : style.backgroundColor, style.backgroundImage, style.opacity,
            style.filter, style.mixBlendMode].join();
        const lies = /static|relative/.test(style.position) && style.zIndex === "auto"
            && style.float === "none" && style.transform === "none";
        if (lies && paint === ",none,1,none,normal") return above;
        const kind = lies ? "" : `${element.localName}.${element.className}`;
        return known([above, paint, kind].join())[0];
    };
    const read = element => element.checkVisibility({visibilityProperty: true})
        && !element.closest(":disabled, [aria-disabled=true]")
        && !element.closest("label")?.control?.disabled && (
        /^(input|select|textarea)$/.test(element.localName)
        || [...element.childNodes].some(({nodeType, data}) => nodeType === 3 && data.trim()));
    const mark = (element, above) => {
        const style = getComputedStyle(element), at = ground(element, style, above);
        if (read(element)) {
            const size = parseFloat(style.fontSize);
            const isLarge = size >= 24 || (size >= 18.66 && style.fontWeight >= 700);
            const look = known([at, style.color, style.textShadow, isLarge].join());
            if (look[1]++ < 3) element.toggleAttribute("data-look-at", true);
        }
        for (const child of element.children) mark(child, at);
    };
    for (const old of document.querySelectorAll("[data-look-at]")) {
        old.removeAttribute("data-look-at");
    }
    const root = document.querySelector(contrast || part || "body");
    let above = innerWidth;
    for (let at = root.parentElement, way = []; at || way.length;) {
        if (at) way.push(at), at = at.parentElement;
        else above = ground(way[way.length - 1], getComputedStyle(way.pop()), above);
    }
    mark(root, above);
    if (memory) sessionStorage.setItem(memory, JSON.stringify([...looks]));
    const exclude = without ? without.split(", ").map(selector => [selector]) : [];
    const {violations} = await axe.run({include: [[part || "html"]], exclude}, options);
    const found = violations.map(({id, nodes}) => [id, nodes.map(({html}) => html.slice(0, 140))]);
    return twice.length ? [...found, ["an id of the frame on the page", twice]] : found;
}"""
FITS = """async ([selector, patience]) => {
    const until = async (well, times) => {
        while (!well() && times--) await new Promise(done => setTimeout(done, 25));
        return times >= 0;
    };
    return await until(() => !document.querySelector(".htmx-request"), 5 * patience)
        && await until(() => {
            const box = document.querySelector(selector);
            const {left, right} = box.getBoundingClientRect();
            return box.scrollWidth <= box.clientWidth && left >= 0 && right <= innerWidth;
        }, patience);
}"""
PATIENCE = 40
REFUSED = "422 (Unprocessable"  # Chromium mentions every refused form; tests look at its text


class Browsers:
    """Pages that are used again, each with cookies of its own: a window costs Chromium a second.

    Their caches hold what every page loads.
    """

    def __init__(self, chromium: Any) -> None:
        self.chromium = chromium
        self.idle: list = []

    def take(self, address: str) -> Any:
        return self.idle.pop() if self.idle else self._open(address)

    def _open(self, address: str) -> Any:
        return self.chromium.new_context(base_url=address).new_page()

    def give_back(self, page: Any, heard: dict[str, Callable]) -> None:
        """Without cookies, what pages have stored, routes and those who listened."""
        page.goto("/health/live")
        page.evaluate("localStorage.clear(); sessionStorage.clear()")
        page.unroute_all()
        page.context.clear_cookies()
        for event, listener in heard.items():
            page.remove_listener(event, listener)
        self.idle.append(page)


@pytest.fixture(scope="session")
def _browsers(chromium: Any) -> Browsers:
    return Browsers(chromium)


@pytest.fixture
def open_page(_browsers: Browsers, live_app: str) -> Iterator[Callable]:
    """Opens a page of a person or a visitor; any error in the console fails the test.

    `page.troubles` holds the errors: a test that causes one on purpose takes it out.
    """
    pages, troubles = [], []

    def note(line: Any) -> None:
        bare = "favicon" in line.location["url"]  # an answer without a page has no icon
        if line.type == "error" and REFUSED not in line.text and not bare:
            troubles.append(line.text)

    def opened(person: Any = None, size: str = "desktop", color_scheme: str = "light") -> Any:
        page = _browsers.take(live_app)
        page.set_viewport_size(SIZES[size])
        page.emulate_media(color_scheme=color_scheme, reduced_motion="reduce")
        page.address, page.foreign, page.troubles = live_app, [], troubles
        if person is not None:
            become(page, person)
        listeners = {
            "requestfailed": lambda request: _note_foreign(page, request.url),
            "dialog": lambda dialog: (troubles.append(dialog.message), dialog.dismiss()),
            "console": note,
            "pageerror": lambda error: troubles.append(str(error)),
        }
        for event, listener in listeners.items():
            page.on(event, listener)
        pages.append((page, listeners))
        return page

    yield opened
    found = list(troubles)
    for page, listeners in pages:
        _browsers.give_back(page, listeners)
    assert found == []


def _note_foreign(page: Any, url: str) -> None:
    if not url.startswith((page.address, "data:", "blob:")):
        page.foreign.append(url)


def become(page: Any, person: Any) -> None:
    """From the next address on the page is this person's."""
    name = settings.SESSION_COOKIE_NAME
    session = signed_in(person).cookies[name].value
    page.context.add_cookies([{"name": name, "value": session, "url": page.address}])


def settled(page: Any) -> None:
    """Wait for the fragments that a page fetches by itself."""
    from playwright.sync_api import expect  # only where a browser is

    expect(page.locator(".htmx-request")).to_have_count(0)


def violations(
    page: Any,
    within: str | None = None,
    contrast: str | None = None,
    *,
    frame: bool = True,
    memory: str = "",
) -> list:
    """What axe has against the page, or a part of it: rules and the elements that break them.

    Contrast may be looked at in a smaller part, and the frame left out altogether, where the rest
    has been seen on another page: what stands in the frame is then gone, so look at last. With a
    name for its memory, contrast is not looked at where it has been three times in this window.
    """
    without = "" if frame else BUT_FRAME
    contrast = contrast or (None if frame else "main")
    found = page.evaluate(RUN_AXE, [live.AXE, within, contrast, without, AXE, memory])
    return [tuple(rule) for rule in found]


def fits(page: Any, within: str = "html") -> bool:
    """Nothing is wider than the screen, or a box on it, once its fragments have come.

    Charts follow a new size a moment later.
    """
    return page.evaluate(FITS, [within, PATIENCE])


def fits_everywhere(page: Any, within: str = "html") -> bool:
    """It fits a desk and a phone; the page keeps the size at which it was looked at last."""
    widths = sorted(SIZES.values(), key=lambda size: size != page.viewport_size)
    return all(page.set_viewport_size(size) or fits(page, within) for size in widths)


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
