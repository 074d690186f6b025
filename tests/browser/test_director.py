"""The director's inbox in a real Chromium: evidence on one screen, one key per decision."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from clients.actions import categories
from clients.models import CategoryChangeRequest, ContactLog, ContactResult
from crm.accounts.models import Role
from crm.approvals import actions
from crm.approvals.models import Approval, ApprovalStep
from tests.browsing import fits, press, small_targets
from tests.cast import assemble
from tests.factories import accounts
from tests.factories import categories as make

TARGETS = "main .btn, main textarea, main [data-inbox-item]"


@pytest.fixture
def cast(live_app):
    return assemble()


def ask(client, by, to="A"):
    """A request on its way to the head."""
    today = timezone.localdate()
    categories.save_category_change(
        client.pk, by=by, today=today, request_id=None, version=0, send=True,
        to_category=to, reason="Заказы выросли втрое за полгода.",
        effective_from=today + timedelta(days=9),
    )  # fmt: skip
    return Approval.objects.of(CategoryChangeRequest.objects.get(client=client)).get()


def endorse(approval, by):
    approval.refresh_from_db()
    actions.decide(
        approval.pk, by=by, decision="approve", version=approval.version,
        target_version=approval.target_version, today=timezone.localdate(),
    )  # fmt: skip


@pytest.fixture
def waiting(cast):
    """Three requests that the head has endorsed, with contacts to draw."""
    approvals = []
    for number in (1, 2, 3):
        client = make.client(
            cast.manager, name=f"ООО «Клиент {number}»", by=cast.department_head,
            potential_monthly=200_000 * number,
        )  # fmt: skip
        for weeks in range(4):
            ContactLog.objects.create(
                client=client, manager=cast.manager, kind="call", state="done",
                done_at=timezone.now() - timedelta(weeks=weeks), summary="…",
                result=ContactResult.objects.get(code="order"),
            )  # fmt: skip
        approval = ask(client, cast.manager)
        endorse(approval, cast.department_head)
        approvals.append(approval)
    return approvals


def heading(page):
    return page.locator("[data-decision-title]")


def rows(page):
    return page.locator("[data-inbox-item]")


def state(approval):
    approval.refresh_from_db()
    return approval.state


def test_the_director_decides_with_the_keyboard_in_a_russian_layout(
    cast, waiting, live_app, open_page
):
    page = open_page(cast.director)
    page.goto("/decisions/")
    expect(heading(page)).to_have_text("ООО «Клиент 1»: B → A")
    expect(rows(page)).to_have_count(3)
    expect(page.locator("#rail-count-decisions")).to_have_text("3")

    press(page, "KeyJ", "о")
    expect(heading(page)).to_have_text("ООО «Клиент 2»: B → A")
    expect(page.locator("figure canvas")).to_be_visible()
    assert page.url.endswith(f"?open={waiting[1].pk}")
    press(page, "KeyK", "л")
    expect(heading(page)).to_have_text("ООО «Клиент 1»: B → A")
    page.go_back()
    expect(heading(page)).to_have_text("ООО «Клиент 2»: B → A")

    press(page, "KeyA", "ф")
    expect(heading(page)).to_have_text("ООО «Клиент 3»: B → A")
    expect(heading(page)).to_be_focused()
    expect(rows(page)).to_have_count(2)
    expect(page.locator("#rail-count-decisions")).to_have_text("2")
    expect(page.locator(".toast")).to_contain_text("ООО «Клиент 2»")
    page.locator("button[value=reject]").click(trial=True)  # the message does not lie over it
    assert state(waiting[1]) == "approved"

    press(page, "KeyR", "к")
    comment = page.locator("#id_comment")
    expect(comment).to_be_focused()
    expect(page.locator("[data-comment-hint]")).not_to_be_empty()
    page.keyboard.type("Мало данных: фев, лак")  # letters are letters while one types
    page.keyboard.press("Control+Enter")
    expect(heading(page)).to_have_text("ООО «Клиент 1»: B → A")
    assert state(waiting[2]) == "rejected"

    press(page, "KeyT", "е")
    expect(comment).to_be_focused()
    page.keyboard.type("Приложите план")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Ничего не ждёт вашего решения").first).to_be_visible()
    expect(rows(page)).to_have_count(0)
    assert state(waiting[0]) == "returned"
    steps = ApprovalStep.objects.filter(decided_by=cast.director).order_by("decided_at")
    assert [step.comment for step in steps] == ["", "Мало данных: фев, лак", "Приложите план"]


def test_the_second_click_of_a_double_click_decides_no_other_request(cast, waiting, open_page):
    page, sent = open_page(cast.director), []
    page.goto("/decisions/")
    page.on("request", lambda one: sent.append(one.url) if one.method == "POST" else None)
    page.locator("button[value=approve]").click()
    expect(heading(page)).to_have_text("ООО «Клиент 2»: B → A")
    page.locator("button[value=approve]").hover()
    page.mouse.down(click_count=2)
    page.mouse.up(click_count=2)
    page.evaluate("new Promise(drawn => requestAnimationFrame(drawn))")
    assert len(sent) == 1
    page.locator("button[value=approve]").click()
    expect(heading(page)).to_have_text("ООО «Клиент 3»: B → A")
    assert [state(one) for one in waiting] == ["approved", "approved", "running"]


def test_who_is_late_reads_who_was_faster(cast, waiting, live_app, open_page):
    second = accounts.user(role=Role.DIRECTOR, org_unit=cast.company, last_name="Второй")
    page = open_page(cast.director)
    page.goto("/decisions/")
    expect(heading(page)).to_have_text("ООО «Клиент 1»: B → A")
    endorse(waiting[0], second)
    press(page, "KeyA", "ф")
    expect(page.locator(".decision .alert")).to_contain_text("Второй")
    expect(page.locator("[data-decision-form]")).to_have_count(0)
    assert any("409" in line for line in page.troubles)
    page.troubles.clear()


def test_on_a_phone_each_request_has_its_own_page(cast, waiting, live_app, open_page):
    page = open_page(cast.director, "phone")
    page.goto("/decisions/")
    expect(page.locator("#decision-panel")).not_to_be_visible()
    assert fits(page)
    rows(page).nth(1).click()
    page.wait_for_url(f"**/decisions/{waiting[1].pk}/")
    assert fits(page)
    assert small_targets(page, TARGETS) == []
    page.locator("button[value=approve]").click()
    expect(heading(page)).to_have_text("ООО «Клиент 1»: B → A")
    assert page.url.endswith(f"/decisions/{waiting[0].pk}/")
    assert state(waiting[1]) == "approved"
    page.locator("button[value=reject]").click()
    expect(page.locator("#id_comment")).to_be_focused()
    assert state(waiting[0]) == "running"


def test_the_manager_sees_the_way_before_asking_and_follows_it_after(cast, live_app, open_page):
    client = make.client(cast.manager, name="ООО «Ромашка»", by=cast.department_head)
    page = open_page(cast.manager)
    page.goto(reverse("clients:category_tab", args=[client.pk]))
    page.locator(".category-buttons .btn-primary").click()
    dialog = page.locator("#dialog")
    expect(dialog.locator(".way")).to_contain_text("Сидорова О. Ю.")
    expect(dialog.locator(".way")).to_contain_text("Орлов Г. П.")
    dialog.locator(".form-buttons .btn-primary").click()
    expect(dialog.locator(".is-invalid").first).to_be_visible()  # nothing chosen, no reason
    dialog.locator("label.chip", has_text="A").click()
    dialog.locator("textarea").fill("Заказы выросли втрое за полгода.")
    dialog.locator(".form-buttons .btn-primary").click()
    expect(dialog).not_to_be_visible()
    expect(page.locator("#category_tab .way-waiting")).to_contain_text("Сидорова О. Ю.")
    assert CategoryChangeRequest.objects.get().state == "submitted"
    page.troubles.clear()  # the browser reports the refused answer 422 itself
