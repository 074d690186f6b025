"""A survey in a real Chromium: answered by the link of the letter, seen in the manager's day."""

from django.urls import reverse
from playwright.sync_api import expect

from clients.models import SurveyInvitation, SurveyResponse
from tests.browsing import fits
from tests.cast import assemble
from tests.factories import clients, surveys


def test_a_bad_mark_given_by_the_public_link_stands_in_my_day(live_app, open_page):
    cast = assemble()
    client = clients.client(cast.manager, name="ООО «Недовольный»")
    surveys.agreed(client)
    surveys.running(cast.department_head)
    token = surveys.token(SurveyInvitation.objects.get())
    visitor = open_page(size="phone")
    visitor.goto(reverse("survey_public_page", args=[token]))
    assert fits(visitor)
    visitor.check("[name=q1][value='1']", force=True)
    visitor.fill("[name=q4]", "Никто не перезванивает")
    visitor.locator("form.card [type=submit]").click()
    expect(visitor.locator(".alert-success")).to_be_visible()
    assert SurveyResponse.objects.get().is_low

    page = open_page(cast.manager)
    page.goto(reverse("reports:my_day"))
    row = page.locator(f"#queue-{client.pk}")
    expect(row.locator(".tone-danger").first).to_contain_text("опрос")
