"""Every page and dialog of the matrix in Chromium: accessible, within the screen, silent (G-IN2).

Every text of the clients' rows is markup that tries to run: no dialog opens, nothing is fetched
from elsewhere, and the strict policy has nothing to report.

Half of the walk speaks Russian by night, half English by day; the pages people spend their day on
are seen both ways. Everything has to fit a phone and a desk: the walk goes on at the size at which
it looked last. What people meet as a dialog is opened over a page, as a click does it.
"""

import pytest

from crm.accounts.models import User
from tests import live
from tests.authz.planting import MARKUP
from tests.browser import places
from tests.browsing import SIZES, become, fits, settled, violations
from tests.cast import signed_in

LOOKS = (("en", "light"), ("ru", "dark"))
SHARES = 4  # so that workers share the walk evenly
ANY_PAGE = "/profile/"
# Closes the dialog before and opens the next; says what is wrong with the answer.
OPEN = """async path => {
    const dialog = document.getElementById("dialog");
    if (dialog.open) {
        const closed = new Promise(done => dialog.addEventListener("close", done, {once: true}));
        dialog.close();
        await closed;
    }
    await htmx.ajax("GET", path, {target: "#dialog-body", swap: "innerHTML"});
    if (!dialog.open) return "opened no dialog";
    return dialog.querySelector("main, title, #dialog") ? "a page in the dialog" : "";
}"""
# The page behind costs axe more than the dialog, and is walked by itself.
ALONE = "document.querySelector('.page').remove()"


@pytest.fixture
def furnished(live_app):
    return places.furnish()


class Walk:
    """One window that goes from place to place, the person and the size with it."""

    def __init__(self, page, size):
        self.page, self.sizes = page, [*SIZES] if size == "desktop" else [*SIZES][::-1]
        self.person, self.seen, self.at, self.markup = None, set(), "", []
        self.broken, self.walked = [], {"page": 0, "dialog": 0, "part": 0}

    def visit(self, place):
        if place.person != self.person:
            become(self.page, place.person)
            self.person = place.person
        trouble = getattr(self, f"open_{place.kind}")(place.path)
        if trouble:
            self.broken.append((place.path, trouble))
        self.walked[place.kind] += 1

    def open_page(self, path):
        """The frame of a person's pages is the same: it is looked at once."""
        self.at = path
        if "<html" not in self.page.goto(path).text():
            return "no page"
        is_new = self.person not in self.seen
        self.seen.add(self.person)
        return self.look("html", "main", frame=is_new)

    def open_dialog(self, path):
        """Over a page that stays, whoever asks: what stands in a dialog is its person's."""
        if self.at != ANY_PAGE:
            self.page.goto(ANY_PAGE)
            settled(self.page)
            self.page.evaluate(ALONE)
            self.at = ANY_PAGE
        wrong = self.page.evaluate(OPEN, path)
        return wrong or self.look("#dialog", "#dialog", within="#dialog")

    def open_part(self, path):
        """Nobody opens it by itself; whoever makes a page of it takes it out of PARTS."""
        answer = signed_in(self.person).get(path)
        whole = not answer.streaming and b"<html" in answer.content
        answer.close()
        return answer.status_code != 200 or whole

    def look(self, box, text, **parts):
        """Whether it fits both sizes, and at the second what axe and people see."""
        found = [] if fits(self.page, box) else [("wider than the screen", self.sizes[0])]
        self.sizes.reverse()
        self.page.set_viewport_size(SIZES[self.sizes[0]])
        if not fits(self.page, box):
            found.append(("wider than the screen", self.sizes[0]))
        if not self.markup:
            read = self.page.inner_text(text)
            self.markup = [word for word in MARKUP if word in read]
        return found + violations(self.page, memory="walk", **parts)


@pytest.mark.parametrize("share", range(SHARES))
def test_every_page_is_accessible_fits_and_is_silent(furnished, open_page, share):
    language, scheme = LOOKS[share % 2]
    User.objects.update(language=language)
    size = "desktop" if share % 4 < 2 else "phone"
    walk = Walk(open_page(size=size, color_scheme=scheme), size)
    for place in furnished[share % 2][share // 2 :: SHARES // 2]:
        walk.visit(place)
    assert walk.broken == [], walk.broken
    assert walk.page.foreign == []
    assert walk.markup, "it is shown as it was typed"
    assert walk.walked["page"] > 12
    assert walk.walked["dialog"] > 5


def test_without_the_frame_a_page_is_still_looked_at_as_a_whole(open_page, admin):
    """Nothing but what is wrong in the frame itself is left to the first page of a person."""
    page = open_page(admin)
    page.goto(ANY_PAGE)
    settled(page)
    page.evaluate("""() => {
        document.title = "";
        document.querySelector("h1").remove();
        for (const part of ["main", ".topbar"]) {
            const nameless = Object.assign(document.createElement("button"), {id: part});
            document.querySelector(part).append(nameless);
        }
        document.querySelector("main").firstElementChild.id = "dialog-body";
    }""")
    rules = {"document-title", "page-has-heading-one", "button-name"}
    whole, rest = (dict(violations(page, frame=frame)) for frame in (True, False))
    assert rules <= whole.keys() & rest.keys()
    assert len(whole["button-name"]) == 2
    assert ['id="main"' in button for button in rest["button-name"]] == [True]
    assert rest["an id of the frame on the page"] == ["dialog-body"]


UNLIKE = {
    "other colours": "p => p.style.color = '#ccc'",
    "another ground": "p => p.parentElement.style.background = '#223'",
    "lies on something": """p => {
        const block = document.createElement("div");
        block.style.cssText = "background: #111; height: 90px";
        Object.assign(p.style, {position: "relative", zIndex: 1, color: getComputedStyle(p).color});
        p.before(block);
        p.style.top = "-60px";
    }""",
}


@pytest.mark.parametrize("unlike", UNLIKE)
def test_contrast_is_looked_at_again_where_it_may_be_another(open_page, admin, unlike):
    """A walk that has seen these elements thrice knows their classes, and goes by what paints."""
    page = open_page(admin)
    page.goto(ANY_PAGE)
    settled(page)
    add = """() => document.querySelector("main").insertAdjacentHTML("beforeend",
        "<div class=p-4><p class=seen-thrice>Text</p></div>".repeat(4))"""
    page.evaluate(add)
    assert [violations(page, memory="walk") for _ in range(3)] == [[], [], []]
    page.locator(".seen-thrice").last.evaluate(UNLIKE[unlike])
    assert [rule for rule, _ in violations(page, memory="walk")] == ["color-contrast"]


FAULTS = """<p class="text-white bg-light">faint</p><table width="3000"><tr><td>wide</table>
<img alt="" src="/none.png"><script>document.title = "planted"</script></main>"""


def test_the_walk_sees_what_is_wrong_on_a_page_that_it_knows(open_page, admin):
    page = open_page()
    walk = Walk(page, "desktop")
    for _ in range(2):
        walk.visit(places.Place(admin, "page", ANY_PAGE))
    assert (walk.broken, page.troubles) == ([], [])

    def plant(route):
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.text().replace("</main>", FAULTS))

    page.route(f"**{ANY_PAGE}", plant)
    walk.visit(places.Place(admin, "page", ANY_PAGE))
    said = str(walk.broken)
    assert "color-contrast" in said
    assert "'desktop'" in said
    assert "'phone'" in said
    assert [word in str(page.troubles) for word in ("404", "inline script")] == [True, True]
    page.unroute_all()
    page.goto(live.AXE)  # without a policy
    with page.expect_event("requestfailed"):
        page.evaluate("() => fetch('http://93.184.216.34/').catch(() => 0)")
    assert page.foreign == ["http://93.184.216.34/"]
    page.troubles.clear()


def test_what_is_no_page_is_an_address_of_the_matrix():
    assert set(places.OPENED) >= places.DIALOGS | places.PARTS
    assert places.PAGES_TOO <= places.DIALOGS
    assert not places.DIALOGS & places.PARTS
