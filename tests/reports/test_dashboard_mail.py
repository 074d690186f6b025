"""Dashboards by e-mail: chosen by the receiver, once a working morning, what one may see."""

from datetime import date
from io import BytesIO

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from python_calamine import CalamineWorkbook

from crm.accounts.models import Role
from crm.errors import RuleViolation
from crm.notices.actions import deliver_notices
from crm.notices.models import Notice
from reports.actions.dashboards import send_dashboards, subscribe
from reports.models import DashboardSubscription
from tests.cast import fresh, signed_in
from tests.factories import facts
from tests.kernel.shared_files import shared_example
from tests.standing import standing

FRIDAY, SATURDAY = date(2026, 11, 27), date(2026, 11, 28)
CHOICE = {"period": "last_month", "weekdays": [5], "hour": 8, "is_active": True}


@standing
def october(db):
    """The company of PLAN-1 with its plan in force; the head has an address."""
    example = shared_example("PLAN-1")
    made = facts.october(example)
    facts.planned(example, made)
    made.head.email = "head@example.org"
    made.head.save(update_fields=["email"])
    return made


def letters():
    return list(Notice.objects.filter(kind="dashboard.letter"))


def test_a_working_morning_sends_one_letter_at_its_hour(october):
    one = subscribe(october.department, by=fresh(october.head), **CHOICE)
    assert send_dashboards(today=FRIDAY, hour=7) == 0
    assert send_dashboards(today=date(2026, 11, 26), hour=9) == 0  # a Thursday
    assert send_dashboards(today=FRIDAY, hour=9) == 1
    assert send_dashboards(today=FRIDAY, hour=9) == 0
    DashboardSubscription.objects.update(last_sent_on=None)  # a run that was killed in the middle
    send_dashboards(today=FRIDAY, hour=10)
    assert len(letters()) == 1
    assert deliver_notices() == 1
    (sent,) = mail.outbox
    assert sent.to == ["head@example.org"]
    assert f"/department/mail/?unit={october.department.pk}" in sent.body
    (pdf_name, pdf, _), (_name, book, _kind) = sent.attachments
    assert pdf_name.endswith(".pdf")
    assert pdf.startswith(b"%PDF")
    rows = CalamineWorkbook.from_filelike(BytesIO(book)).get_sheet_by_index(0).to_python()
    assert 3028448.61 in {cell for row in rows for cell in row}
    assert one.version == 1


def test_a_day_off_sends_nothing_and_whoever_stops_gets_nothing(october):
    subscribe(october.department, by=fresh(october.head), **CHOICE)
    assert send_dashboards(today=SATURDAY, hour=9) == 0
    subscribe(october.department, by=fresh(october.head), **{**CHOICE, "is_active": False})
    assert send_dashboards(today=FRIDAY, hour=9) == 0
    assert DashboardSubscription.objects.get().version == 2


@pytest.mark.parametrize("loss", ["role", "unit", "account", "stopped"])
def test_whoever_may_not_see_it_any_more_gets_no_letter(october, loss):
    subscribe(october.department, by=fresh(october.head), **CHOICE)
    assert send_dashboards(today=FRIDAY, hour=9) == 1
    if loss == "role":
        october.head.role = Role.MANAGER
    elif loss == "account":
        october.head.is_active = False
    elif loss == "unit":
        october.department.head = None
        october.department.save(update_fields=["head"])
    else:
        DashboardSubscription.objects.update(is_active=False)
    october.head.save(update_fields=["role", "is_active"])
    deliver_notices()
    assert mail.outbox == []
    assert letters()[0].state == "sent"


def test_a_choice_is_one_s_own_and_within_the_settings(october):
    with pytest.raises(PermissionDenied):
        subscribe(october.company, by=fresh(october.head), **CHOICE)
    with pytest.raises(PermissionDenied):
        subscribe(october.department, by=fresh(october.managers["M1"]), **CHOICE)
    for wrong in ({"hour": 15}, {"weekdays": []}):
        with pytest.raises(RuleViolation):
            subscribe(october.department, by=fresh(october.head), **{**CHOICE, **wrong})
    assert not DashboardSubscription.objects.exists()


def test_the_form_subscribes_and_stops(october):
    http = signed_in(october.head)
    url = f"{reverse('reports:department_mail')}?unit={october.department.pk}"
    assert http.get(url).status_code == 200
    sent = {"is_active": "on", "period": "this_month", "weekdays": ["1", "3"], "hour": "8"}
    assert http.post(url, sent).status_code == 302
    one = DashboardSubscription.objects.get()
    assert (one.user, one.weekdays, one.hour, one.is_active) == (october.head, [1, 3], 8, True)
    del sent["is_active"]
    assert http.post(url, sent).status_code == 302
    one.refresh_from_db()
    assert not one.is_active
    assert http.post(url, {**sent, "hour": "23"}).status_code == 422
    foreign = f"{reverse('reports:department_mail')}?unit={october.company.pk}"
    assert http.post(foreign, sent).status_code == 404
