"""The dashboard on a wall in a real Chromium: what has not changed is not put in again."""

from django.urls import reverse
from django.utils import timezone

from reports.actions import rollup
from tests.browsing import settled
from tests.cast import assemble
from tests.factories import clients, deals

# What the clock of the wall does, at once; the answer is the number of charts of before.
REFRESH = """async () => {
    const part = document.querySelector("[hx-get*='/department/course/']");
    part.querySelectorAll("canvas").forEach((one) => one.classList.add("of-before"));
    await htmx.ajax("GET", part.getAttribute("hx-get"), {source: part, target: part});
    return part.querySelectorAll("canvas.of-before").length;
}"""


def test_a_chart_is_drawn_again_when_its_figures_have_changed_alone(live_app, open_page):
    cast, today = assemble(), timezone.localdate()
    client = clients.client(cast.manager)
    deals.sale(client, "100.00", on=today)
    rollup.count_changes(today=today)
    page = open_page(cast.department_head)
    page.goto(reverse("reports:department_wall"))
    page.wait_for_selector("[hx-get*='/department/course/'] canvas")
    settled(page)
    assert page.evaluate(REFRESH) == 1
    deals.sale(client, "50.00", on=today)
    rollup.count_changes(today=today)
    assert page.evaluate(REFRESH) == 0
    page.wait_for_selector("[hx-get*='/department/course/'] canvas")
