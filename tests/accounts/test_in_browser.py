"""People, units and absences in a real Chromium, on a desktop and on a phone."""

import re

import pytest
from playwright.sync_api import expect

from crm.accounts.models import Delegation, User
from tests.cast import assemble

OWN_PASSWORD = "a completely different phrase"


@pytest.fixture
def cast(live_app):
    return assemble()


def test_a_person_is_added_signs_in_and_chooses_a_password(cast, open_page):
    boss = open_page(cast.admin)
    boss.goto("/people/new/")
    boss.locator("#id_last_name").fill("Новикова")
    boss.locator("#id_org_unit").select_option(str(cast.sector.pk))
    boss.locator("#id_username").fill("not a login")
    boss.locator("form.form-card [type=submit]").click()
    expect(boss.locator("#id_username_error")).to_be_visible()
    expect(boss.locator("#id_last_name")).to_have_value("Новикова")
    boss.locator("#id_username").fill("novikova")
    boss.locator("form.form-card [type=submit]").click()
    password = boss.locator("#new-password").inner_text()

    page = open_page(size="phone")
    page.goto("/account/login/")
    page.locator("#id_login").fill("novikova")
    page.locator("#id_password").fill(password)
    page.locator("#id_password").press("Enter")
    expect(page).to_have_url(re.compile("/account/password/change/$"))
    page.goto("/profile/")
    expect(page).to_have_url(re.compile("/account/password/change/$"))
    page.locator("#id_oldpassword").fill(password)
    page.locator("#id_password1").fill(OWN_PASSWORD)
    page.locator("#id_password2").fill(OWN_PASSWORD)
    page.locator("#id_password2").press("Enter")
    expect(page).not_to_have_url(re.compile("/account/password/change/"))
    page.wait_for_load_state("networkidle")
    page.goto("/profile/")
    expect(page.locator("h1")).to_have_text("Новикова")
    assert not User.objects.get(username="novikova").must_change_password


def test_a_head_plans_the_absence_of_a_manager(cast, open_page):
    page = open_page(cast.sector_head, "phone")
    page.goto("/absences/new/")
    page.locator("#id_note").fill("Typed before")
    page.locator("#id_owner").select_option(str(cast.manager.pk))
    substitute = page.locator(f'#id_delegate option[value="{cast.sector_head.pk}"]')
    expect(substitute).to_have_count(1)
    expect(page.locator("#id_note")).to_have_value("Typed before")
    page.locator("#id_delegate").select_option(str(cast.manager2.pk))
    page.locator("#id_valid_to").fill("2020-01-01")
    page.locator("#absence [type=submit]").click()
    expect(page.locator("#id_valid_to_error")).to_be_visible()
    page.locator("#id_valid_to").fill("2030-01-01")
    page.locator("#absence [type=submit]").click()
    expect(page.locator("h1")).to_contain_text(cast.manager2.short_name)
    assert Delegation.objects.get().owner == cast.manager
