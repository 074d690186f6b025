"""Whatever a kept file is besides, nothing of it runs in a browser; files are dropped and shown."""

import pytest
from playwright.sync_api import expect

from crm.files.actions import add_file
from crm.files.models import Attachment
from tests.browsing import fits_everywhere, settled, violations
from tests.cast import assemble
from tests.factories import clients
from tests.files import samples

POLYGLOTS = (
    "PDF with markup in a comment",
    "PDF with markup at its end",
    "JPEG with markup at its end",
    "PNG with markup at its end",
)


@pytest.fixture
def owner(live_app):
    cast = assemble()
    return cast.manager, clients.client(cast.manager)


AS_A_SCRIPT = """url => new Promise(done => {
    const element = document.createElement("script");
    element.onload = () => done("loaded");
    element.onerror = () => done("refused");
    element.src = url;
    document.head.append(element);
})"""


def test_no_script_of_a_kept_polyglot_runs(open_page, owner):
    """Opened by its address it is a download, called as a script it is refused."""
    manager, client = owner
    page = open_page(manager)
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/health/live")
    for case in POLYGLOTS:
        name, content = samples.KEPT[case]
        file = add_file("client", client.pk, by=manager, name=name, content=content)
        url = f"/files/{file.pk}/download/"
        with page.expect_download() as download:
            page.evaluate("url => { location.href = url }", url)
        assert download.value.suggested_filename == name
        assert page.evaluate(AS_A_SCRIPT, url) == "refused"
    assert not [url for url in asked if "/canary/" in url]
    page.troubles.clear()  # Chromium tells of each refused script


def test_control_the_same_polyglots_as_pages_do_run(open_page):
    page = open_page()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    bodies = iter([samples.KEPT[case][1] for case in POLYGLOTS])
    answer = {"content_type": "text/html"}
    page.route("**/control/", lambda route: route.fulfill(body=next(bodies), **answer))
    for _case in POLYGLOTS:
        with page.expect_request("**/canary/"):
            page.goto("/control/")
    assert len([url for url in asked if "/canary/" in url]) == len(POLYGLOTS)
    page.troubles.clear()


def test_files_are_chosen_shown_and_put_aside_by_keyboard(open_page, owner):
    manager, client = owner
    page = open_page(manager, "phone")
    page.goto(f"/clients/{client.pk}/?tab=files")
    page.locator("#files_file").set_input_files(
        [
            {"name": "Акт.pdf", "mimeType": "application/pdf", "buffer": samples.pdf()},
            {"name": "x.exe", "mimeType": "application/pdf", "buffer": b"MZ"},
        ]
    )
    expect(page.locator(".files-outcomes li")).to_have_count(2)
    expect(page.locator("#_panel .file-name")).to_have_text(["Акт.pdf"])
    assert violations(page, "#_panel") == []
    assert fits_everywhere(page, "#_panel")
    page.locator("#_panel [href$='put-aside/']").focus()
    page.keyboard.press("Enter")
    page.locator("#_form [name=reason]").fill("Ошибка")
    page.keyboard.press("Enter")
    expect(page.locator("#_panel .record-former summary")).to_be_visible()
    settled(page)
    assert Attachment.objects.get().put_aside_reason == "Ошибка"
