"""Buttons that open a dialog over the page, and sending it."""

from tests.browsing import settled


def opened(page, ending):
    """Press the button of an address when the scripts are there: before, it leads to a page."""
    page.wait_for_load_state()
    settled(page)
    page.locator(f'main a[hx-get$="{ending}"]').first.click()
    page.wait_for_selector("#dialog[open] #_dialog_form")


def sent(page, **form):
    """Fill in the open dialog and send it; the page behind it follows."""
    for field, value in form.items():
        page.fill(f"#dialog [name={field}]", value)
    page.locator("#dialog [type=submit]").click()
    page.wait_for_selector("#dialog:not([open])", state="attached")
    settled(page)


def pressed(page, ending, **form):
    """Both."""
    opened(page, ending)
    sent(page, **form)


def approved(page, address):
    """The first request of the inbox."""
    page.goto(address)
    page.wait_for_load_state()
    settled(page)
    page.locator("button[value=approve]").first.click()
    page.wait_for_function("() => !document.querySelector('button[value=approve]')")
