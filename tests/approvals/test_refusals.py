"""A refusal changes nothing: every table is the same before and after (G-AZ2)."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from clients.actions import categories
from clients.models import CategoryChangeRequest
from crm.approvals.models import Approval
from tests.cast import everybody, signed_in
from tests.factories import categories as make

JOURNALS = {"accounts.AccessEvent", "accounts.SecurityEvent"}  # a refusal may be written there
APPS = {"accounts", "approvals", "clients", "notices", "work"}


def contents():
    """A digest of every business table."""
    models = [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label in APPS and model._meta.label not in JOURNALS
    ]
    found = {}
    with connection.cursor() as cursor:
        for model in models:
            table = connection.ops.quote_name(model._meta.db_table)
            cursor.execute(f"SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {table} t")
            found[model._meta.label] = cursor.fetchone()[0]
    return found


@pytest.fixture
def asked(cast):
    client, today = make.client(cast.manager), timezone.localdate()
    categories.save_category_change(
        client.pk, by=cast.manager, today=today, request_id=None, version=0, send=True,
        to_category="A", reason="Заказы выросли втрое.", effective_from=today + timedelta(days=9),
    )  # fmt: skip
    return Approval.objects.get()


def attempts(asked, new):
    """Every address of this part that writes, with values that would do for somebody."""
    request = CategoryChangeRequest.objects.get()
    signature = {"decision": "approve", "version": 1, "target_version": asked.target_version}
    change = {"to_category": "C", "reason": "Довольно букв", "effective_from": "2030-01-01"}
    pk = request.client_id
    return {
        "decide": (reverse("approvals:decide", args=[asked.pk]), signature),
        "withdraw": (reverse("approvals:withdraw", args=[asked.pk]), {}),
        "take back": (reverse("clients:category_withdraw", args=[pk]), {}),
        "ask": (reverse("clients:category_request", args=[pk]), change),
        "propose": (reverse("clients:category_propose", args=[new.pk]), {"category": "A"}),
        "assign": (reverse("clients:category_assign", args=[new.pk]), {"category": "A"}),
        "route": (reverse("approvals:route_edit", args=["category.change"]), {"version": 1}),
    }


ALLOWED = {
    "decide": {"department_head"},
    "withdraw": {"manager"},
    "take back": {"manager"},
    "ask": set(),
    "propose": {"manager", "sector_head"},
    "assign": {"department_head"},
    "route": set(),
}


def test_who_may_not_write_writes_nothing(cast, asked):
    new = make.client(cast.manager, category=None)
    browsers = {name: signed_in(person) for name, person in everybody(cast).items()}
    before, refused = contents(), 0
    for what, (url, data) in attempts(asked, new).items():
        for name, browser in browsers.items():
            if name in ALLOWED[what]:
                continue
            response = browser.post(url, data)
            assert response.status_code in {403, 404, 422}, (what, name)
            refused += 1
    assert contents() == before
    assert refused > 80


def test_nothing_is_written_by_reading(cast, asked):
    new = make.client(cast.manager, category=None)
    people = (cast.manager, cast.department_head, cast.director, cast.admin)
    browsers = [signed_in(person) for person in people]
    before = contents()
    for url, data in attempts(asked, new).values():
        for browser in browsers:
            assert browser.get(url, data).status_code in {200, 403, 404, 405}
    assert contents() == before


def test_control_an_allowed_decision_does_change_the_tables(cast, asked):
    url, data = attempts(asked, make.client(cast.manager, category=None))["decide"]
    before, head = contents(), signed_in(cast.department_head)
    assert head.post(url, data).status_code == 302
    changed = {label for label, digest in contents().items() if digest != before[label]}
    assert {"approvals.Approval", "approvals.ApprovalStep", "notices.Notice"} <= changed
