"""Own accounts and statements on their pages: who sees, who writes, what is said."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse

from crm.errors import RuleViolation, StaleVersion
from crm.requisites_sample import make_account
from deals.actions import own_accounts as actions
from deals.models import BankStatement, OwnAccount
from tests.cast import signed_in
from tests.factories import deals

BIC = "044525225"
ACCOUNT = make_account(BIC, 77)
LIST = reverse("deals:own_account_list")
CREATE = reverse("deals:own_account_create")
STATEMENTS = reverse("deals:statement_list")


def text_of(person, url):
    response = signed_in(person).get(url)
    assert response.status_code == 200
    return response.content.decode()


def test_the_accountant_adds_corrects_closes_and_opens_an_account(cast):
    browser = signed_in(cast.accountant)
    values = {"account": ACCOUNT, "bic": BIC, "bank_name": "Сбербанк", "name": "Основной"}
    assert browser.post(CREATE, values).status_code == 302
    row = OwnAccount.objects.get()
    assert (row.account, row.name, row.bank_name) == (ACCOUNT, "Основной", "Сбербанк")
    edit = reverse("deals:own_account_edit", args=[row.pk])
    browser.post(edit, {"version": 1, "account": make_account(BIC, 78), "name": "Второй"})
    row.refresh_from_db()
    assert (row.account, row.name, row.version) == (ACCOUNT, "Второй", 2)
    close = reverse("deals:own_account_close", args=[row.pk])
    browser.post(close, {"version": 2, "closed": "1"})
    row.refresh_from_db()
    assert row.closed_on is not None
    browser.post(close, {"version": 3, "closed": "0"})
    row.refresh_from_db()
    assert (row.closed_on, row.version) == (None, 4)
    assert ACCOUNT in text_of(cast.accountant, LIST)


@pytest.mark.parametrize(
    "values",
    [
        {"account": "123"},
        {"account": ACCOUNT[:-1] + "x"},
        {"account": ACCOUNT, "bic": "1"},
        {"account": ACCOUNT[:-1] + str((int(ACCOUNT[-1]) + 1) % 10), "bic": BIC},
    ],
)
def test_a_wrong_account_is_refused_in_the_form(cast, values):
    assert signed_in(cast.accountant).post(CREATE, values).status_code == 422
    assert not OwnAccount.objects.exists()


def test_an_account_is_ours_once(cast):
    actions.add_own_account(by=cast.accountant, account=ACCOUNT)
    with pytest.raises(RuleViolation) as refusal:
        actions.add_own_account(by=cast.admin, account=ACCOUNT)
    assert refusal.value.field == "account"
    assert signed_in(cast.accountant).post(CREATE, {"account": ACCOUNT}).status_code == 422


def test_others_do_not_write_accounts_and_a_stale_page_is_refused(cast):
    row = deals.own_account()
    for person in (cast.director, cast.lawyer, cast.department_head, cast.manager):
        with pytest.raises(PermissionDenied):
            actions.add_own_account(by=person, account=ACCOUNT)
        with pytest.raises(PermissionDenied):
            actions.close_own_account(row.pk, by=person, version=1, on=deals.DAY)
    with pytest.raises(StaleVersion):
        actions.close_own_account(row.pk, by=cast.accountant, version=2, on=deals.DAY)


def test_statements_are_seen_by_those_who_see_all_money(cast):
    deals.statement()
    seeing = {
        name
        for name, person in vars(cast).items()
        if hasattr(person, "role") and BankStatement.objects.visible_to(person).exists()
    }
    assert seeing == {"director", "general_director", "accountant", "lawyer", "admin"}


def test_the_page_of_a_statement_tells_turnover_and_documents_apart(cast):
    own = deals.own_account(name="Основной")
    statement = deals.statement(
        own,
        opening=Decimal("10"),
        closing=Decimal("160"),
        declared_in=Decimal("150"),
        documents_in=Decimal("100"),
        warnings=["Расхождение 50,00"],
    )
    deals.payment(None, "100.00", statement=statement, own_account=own, party_name="ООО «Мак»")
    deals.payment(None, "1.00", party_name="ООО «Чужое»")
    page = text_of(cast.accountant, statement.get_absolute_url())
    assert "Расхождение 50,00" in page
    assert "50,00\u00a0₽" in page
    assert "ООО «Мак»" in page
    assert "ООО «Чужое»" not in page
    assert own.account in page


def test_the_list_finds_statements_that_differ(cast):
    agreeing = deals.statement(declared_in=Decimal("5"))
    differing = deals.statement(declared_in=Decimal("5"), documents_in=Decimal("4"))
    undeclared = deals.statement(
        declared_in=None, declared_out=None, documents_in=1, documents_out=0
    )

    def found(value):
        page = text_of(cast.accountant, f"{STATEMENTS}?differs={value}")
        rows = (agreeing, differing, undeclared)
        return {row for row in rows if row.get_absolute_url() in page}

    assert found("true") == {differing}
    assert found("false") == {agreeing, undeclared}


def test_an_account_has_one_statement_of_a_period(db):
    own = deals.own_account()
    deals.statement(own, on=date(2026, 10, 1))
    with pytest.raises(IntegrityError, match="statement_period_once"), transaction.atomic():
        deals.statement(own, on=date(2026, 10, 1))


def test_a_list_asks_as_much_for_thirty_statements_as_for_one(cast, django_assert_max_num_queries):
    browser = signed_in(cast.accountant)
    own = deals.own_account()
    for day in range(1, 29):
        deals.statement(own, on=date(2026, 9, day))
    with django_assert_max_num_queries(14):
        browser.get(STATEMENTS)
