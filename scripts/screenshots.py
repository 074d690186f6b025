"""The README's screenshots: each home page as its person sees it, on fresh demo data."""

import os
import sys
from pathlib import Path

import django

WIDTH, HEIGHT = 1440, 900
PAGES = (
    ("manager", "reports:my_day", "my-day"),
    ("head", "reports:department", "department"),
    ("director", "approvals:inbox", "decisions"),
)
TARGET = Path(__file__).resolve().parent.parent / "docs" / "img"


def main() -> int:
    """Serve the demo, photograph the pages, write docs/img/*.png."""
    os.environ.update(DEBUG="1", DJANGO_SETTINGS_MODULE="crm.settings")
    django.setup()
    from django.core.management import call_command
    from django.urls import reverse
    from playwright.sync_api import sync_playwright

    from scripts.bench.server import serving
    from tests.chromium import program

    call_command("prepare_database", verbosity=0)
    call_command("demo", if_empty=True)
    executable = program()
    if executable is None:
        print("Chromium is missing.", file=sys.stderr)
        return 1
    TARGET.mkdir(parents=True, exist_ok=True)
    with serving() as (base, _pid), sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=executable, args=["--no-sandbox", "--disable-gpu"]
        )
        for login, name, file_name in PAGES:
            context = browser.new_context(
                viewport={"width": WIDTH, "height": HEIGHT}, locale="ru-RU"
            )
            page = context.new_page()
            page.goto(f"{base}{reverse('account_login')}")
            page.fill("input[name=login]", login)
            page.fill("input[name=password]", "demo")
            page.press("input[name=password]", "Enter")
            page.wait_for_url(lambda url: "login" not in url)
            page.goto(f"{base}{reverse(name)}")
            page.wait_for_load_state("networkidle")
            page.wait_for_timeout(600)
            page.screenshot(path=TARGET / f"{file_name}.png")
            context.close()
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
