"""«Отмена» of a form of its own page is a link: it leads back where there are no scripts."""

import re

import pytest
from django.urls import reverse

from tests.cast import signed_in
from tests.factories import clients

CANCEL = re.compile(r'<a class="btn" href="([^"]*)" data-back>Отмена</a>')


def left_for(http, url, **headers):
    answer = http.get(url, headers=headers)
    assert answer.status_code == 200
    (found,) = CANCEL.findall(answer.content.decode())
    return found.replace("&amp;", "&")


@pytest.fixture
def client_of(cast):
    return clients.client(cast.manager)


def test_a_form_leads_back_to_the_page_before_it(cast, client_of):
    http, url = signed_in(cast.manager), reverse("clients:snooze", args=[client_of.pk])
    assert left_for(http, url, referer="http://testserver/my-day/?reason=x&show=50") == (
        "/my-day/?reason=x&show=50"
    )


@pytest.mark.parametrize("referer", ["", "https://elsewhere.example/page", "javascript:alert(1)"])
def test_without_a_page_of_ours_before_it_leads_to_its_record_or_line(cast, client_of, referer):
    http = signed_in(cast.manager)
    own = reverse("clients:snooze", args=[client_of.pk])
    refused = http.post(own, headers={"referer": f"http://testserver{own}"})
    assert refused.status_code == 422
    for found in (left_for(http, own, referer=referer), *CANCEL.findall(refused.content.decode())):
        assert found.startswith("/")
        assert found != own
        assert http.get(found).status_code == 200, found


def test_a_dialog_is_closed_and_has_no_such_link(cast, client_of):
    url = reverse("clients:snooze", args=[client_of.pk])
    answer = signed_in(cast.manager).get(url, headers={"HX-Request": "true"})
    assert "data-dialog-close" in answer.content.decode()
    assert not CANCEL.findall(answer.content.decode())
