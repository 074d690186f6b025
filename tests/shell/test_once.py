"""A dialog whose answer was lost is sent again: one record, and it is said (G-RL7)."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from crm.assignments.models import WorkItem
from tests.cast import signed_in
from tests.factories import clients, outgoing

HTMX = {"HX-Request": "true"}
AGAIN = "Эта форма уже отправлена"


@pytest.fixture
def window(cast):
    return signed_in(cast.department_head)


@pytest.fixture
def typed(cast, window):
    url = reverse("assignments:create")
    shown = window.get(url, headers=HTMX)
    day = timezone.localdate() + timedelta(days=3)
    return {
        "once": shown.context["once"],
        "kind": "assignment",
        "title": "Собрать акты",
        "addressee": f"p{cast.manager.pk}",
        "due_on": day.isoformat(),
    }


def send(window, typed):
    return window.post(reverse("assignments:create"), typed, headers=HTMX)


def test_a_form_sent_twice_is_one_record_and_the_second_is_told(window, typed):
    assert send(window, typed).status_code in (200, 204)
    again = send(window, typed)
    assert again.status_code == 422
    assert AGAIN in again.content.decode()
    assert WorkItem.objects.count() == 1


def test_another_form_and_one_without_a_token_are_records_of_their_own(window, typed):
    for once in (typed["once"], "", "кто знает", window.get("/assignments/new/").context["once"]):
        send(window, typed | {"once": once})
    assert WorkItem.objects.count() == 4


def test_what_was_refused_is_sent_again_under_its_token(window, typed):
    yesterday = (timezone.localdate() - timedelta(days=1)).isoformat()
    refused = send(window, typed | {"due_on": yesterday})
    assert refused.status_code == 422
    assert refused.context["once"] == typed["once"]
    assert send(window, typed).status_code in (200, 204)
    assert WorkItem.objects.count() == 1


def test_a_token_is_of_one_person(cast, window, typed):
    send(window, typed)
    assert AGAIN not in send(signed_in(cast.sector_head), typed).content.decode()


def test_many_forms_throw_no_counter_away(db):
    cache.set("counter", 7)
    for number in range(400):
        cache.add(f"once:1:{number}", 1)
    assert cache.get("counter") == 7


def test_without_scripts_a_form_of_its_own_page_has_a_way_out(cast, window):
    """It leads to the line of the rail, or to the record that the form is about."""
    page = window.get(reverse("assignments:create")).content.decode()
    assert f'<a class="btn" href="{reverse("assignments:list")}?step=open" data-back>' in page
    claim = outgoing.sent(clients.client(cast.manager), cast=cast)
    url = reverse("claims:lawsuit_prepare", args=[claim.pk])
    page = signed_in(cast.lawyer).get(url).content.decode()
    assert f'<a class="btn" href="{claim.get_absolute_url()}" data-back>' in page
