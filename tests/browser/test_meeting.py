"""A meeting in a real Chromium: called, its agenda, minutes and decision, signed."""

from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from crm.assignments.models import WorkItem
from crm.meetings.models import Meeting
from tests.browser.dialogs import opened, pressed, sent
from tests.browsing import become, settled
from tests.cast import assemble


def test_a_meeting_goes_from_its_agenda_to_signed_minutes_and_work(live_app, open_page):
    cast = assemble()
    page = open_page(cast.department_head)
    page.goto(reverse("meetings:create"))
    page.fill("[name=topic]", "Просрочка и претензии")
    page.fill("[name=held_at]", f"{timezone.localtime():%Y-%m-%dT%H:%M}")
    page.locator("main form.form-card [type=submit]").click()
    page.wait_for_selector("#_meeting_detail")
    pressed(page, "/points/new/", title="Бой при перевозке")
    pressed(page, "/minutes/", text="Перевозчик не крепит груз")
    opened(page, "/decide/")
    page.select_option("#dialog [name=executor]", str(cast.manager.pk))
    sent(page, text="Сменить перевозчика")
    page.get_by_role("button", name="Подписать протокол").click()
    question = page.locator("#confirm[open]")
    question.get_by_role("button", name="Отмена").click()  # a slip of the hand signs nothing
    expect(page.get_by_role("button", name="Подписать протокол")).to_be_visible()
    page.get_by_role("button", name="Подписать протокол").click()
    question.get_by_role("button", name="Продолжить").click()
    expect(page.get_by_role("button", name="Подписать протокол")).to_have_count(0)
    settled(page)
    meeting, work = Meeting.objects.get(), WorkItem.objects.get()
    assert (meeting.state, meeting.signed_by) == ("signed", cast.department_head)
    assert (work.title, work.executor) == ("Сменить перевозчика", cast.manager)

    become(page, cast.manager)
    page.goto(reverse("reports:my_day"))
    expect(page.locator(f'main a[href="{work.get_absolute_url()}"]')).to_be_visible()
