"""Limits by the clock: the norm that the pages of today count."""

from datetime import timedelta
from decimal import Decimal as D

import pytest
from django.utils import timezone

from crm.approvals import actions as approvals
from crm.money import format_money
from tests.deals.test_limit_requests import ask, decide, page
from tests.factories import clients, deals


@pytest.fixture
def client(cast):
    """Category B, 400 roubles in the month before this one: a norm of 400."""
    made = clients.client(cast.manager, category="B", name="ООО «Ромашка»")
    deals.sale(made, "400.00", on=timezone.localdate().replace(day=1) - timedelta(days=1))
    return made


def test_the_administrator_may_let_the_head_decide_beyond_the_norm(cast, client):
    today = timezone.localdate()
    rows = [
        approvals.LevelDraft("department_head", max_amount=D("50.00")),
        approvals.LevelDraft("director"),
    ]
    approvals.change_ladder("credit_limit", by=cast.admin, category="", levels=rows, version=1)
    form = page(cast.manager, client, "limit_request")
    assert "До 450,00 ₽:" in form
    request = ask(client, cast.manager, "450.00", since=today, today=today)
    decide(request, cast.accountant, today=today)
    assert decide(request, cast.department_head, today=today).state == "approved"


def test_the_form_shows_both_ways_and_says_where_there_is_no_norm(cast, client):
    shown = page(cast.manager, client, "limit_request")
    assert shown.count("Виза: Бухгалтер") == 2
    assert format_money(D(400)).replace("\u00a0", " ") in shown
    new = clients.client(cast.manager, category=None)
    shown = page(cast.manager, new, "limit_request")
    assert shown.count("Виза: Бухгалтер") == 1
    assert ("у клиента нет категории" in shown, "0,00 ₽ в месяц" in shown) == (True, False)
