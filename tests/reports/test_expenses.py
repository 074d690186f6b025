"""Expenses: the limit of a person and month, the receipt, four eyes, the payment; two at once."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from crm.approvals import actions as approvals
from crm.approvals.models import Approval
from crm.errors import RuleViolation, StaleVersion
from crm.files.models import Attachment
from crm.notices.models import Notice
from crm.work.models import Setting
from crm.work.registry import forget
from reports.actions import expense_payments as payments
from reports.actions import expenses as actions
from reports.models import EXPENSE_MOVES, Expense, ExpenseState
from tests.approvals.racing import overtaken
from tests.cast import assemble, fresh, signed_in
from tests.factories import costs
from tests.files.samples import pdf
from tests.guarding import locks, refused

D = Decimal
TODAY = timezone.localdate()
PDF = pdf()
RECEIPT = ("чек.pdf", PDF)


@pytest.fixture
def meeting(cast):
    return costs.talk(cast.manager)


def spent(contact=None, amount="4000", **more):
    values = {"item": costs.item(), "spent_on": TODAY, "amount": D(amount)}
    values |= {"purpose": "Обед", "participants": "Петров, Иванова"}
    return actions.Spent(contact_id=contact.pk if contact else None, **values | more)


def log(by, what, receipt=RECEIPT, **more):
    return actions.log_expense(what, by=by, today=TODAY, receipt=receipt, **more)


def sign(expense, by, decision="approve", comment=""):
    approval = Approval.objects.of(expense).running().get()
    approvals.decide(
        approval.pk, by=by, decision=decision, comment=comment, version=approval.version,
        target_version=approval.target_version, today=TODAY,
    )  # fmt: skip
    expense.refresh_from_db()
    return expense


def limit(amount, unit=None):
    Setting.objects.create(key="expense.monthly_limit", org_unit=unit, value=amount)
    forget()


def test_from_the_contact_to_the_payment(cast, meeting):
    expense = log(cast.manager, spent(meeting))
    assert (expense.state, expense.client) == ("on_approval", meeting.client)
    assert Attachment.objects.of("expense", expense.pk).open().count() == 1
    with pytest.raises(Approval.DoesNotExist):
        sign(expense, cast.sector_head)
    sign(expense, cast.department_head)
    assert (expense.state, expense.approved_by) == ("approved", cast.department_head)
    told = Notice.objects.filter(channel="ui")
    assert told.filter(kind="expense.to_pay", user=cast.accountant).count() == 1
    pay = {"version": expense.version, "on": TODAY, "document": "РКО 7", "today": TODAY}
    for other in (cast.department_head, cast.director):
        refused(PermissionDenied, lambda by=other: payments.pay_expense(expense.pk, by=by, **pay))
    with pytest.raises(StaleVersion):
        payments.pay_expense(expense.pk, by=cast.accountant, **pay | {"version": 1})
    tomorrow = {"on": TODAY + timedelta(days=1)}
    with pytest.raises(RuleViolation) as late:
        payments.pay_expense(expense.pk, by=cast.accountant, **pay | tomorrow)
    assert late.value.field == "on"
    payments.pay_expense(expense.pk, by=cast.accountant, **pay)
    expense.refresh_from_db()
    assert (expense.state, expense.payment_document) == ("paid", "РКО 7")
    assert Notice.objects.filter(kind="expense.paid", user=cast.manager, channel="ui").count() == 1
    payments.annul_expense(expense.pk, by=cast.accountant, version=expense.version, reason="Дважды")
    assert Expense.objects.all().taken_by(cast.manager.pk, TODAY) == 0


def test_above_the_limit_is_refused_with_what_is_left_or_goes_to_the_director(cast, meeting):
    limit("10000")
    limit("5000", cast.department)
    log(cast.manager, spent(meeting, "3000.50"))
    with pytest.raises(RuleViolation) as above:
        log(cast.manager, spent(meeting, "2000.00"))
    assert above.value.field == "amount"
    assert "1\xa0999,50\xa0₽" in str(above.value)
    assert Expense.objects.count() == 1, "half saved"
    why = spent(meeting, "2000.00", justification="Приехал собственник сети")
    expense = log(cast.manager, why)
    assert expense.over_limit == D("0.50")
    with pytest.raises(Approval.DoesNotExist):
        sign(expense, cast.department_head)
    sign(expense, cast.director)
    assert expense.state == "approved"
    much = spent(meeting, "200000", justification="Очень надо")
    with pytest.raises(RuleViolation) as nobody:
        log(cast.manager, much)
    assert nobody.value.field == "amount"
    # Another department has the limit of the company, another month a limit of its own.
    far = costs.talk(cast.stranger)
    assert log(cast.stranger, spent(far, "9000")).over_limit == 0
    last_month = TODAY.replace(day=1) - timedelta(days=1)
    left = actions.limit_of(fresh(cast.manager), last_month)
    assert (left.limit, left.left) == (5000, 5000)


def test_refused_and_returned_ones_give_the_limit_back(cast, meeting):
    limit("5000")
    first = log(cast.manager, spent(meeting, "4000"))
    sign(first, cast.department_head, "return", "Кто был?")
    second = log(cast.manager, spent(meeting, "4500"))
    again = {"by": cast.manager, "version": first.version, "today": TODAY}
    with pytest.raises(RuleViolation) as above:
        actions.resend_expense(first.pk, spent(meeting, "4000"), **again)
    assert above.value.field == "amount"
    sign(second, cast.department_head, "reject", "Не нужно")
    actions.resend_expense(first.pk, spent(meeting, "4000"), **again)
    first.refresh_from_db()
    assert (first.state, second.state) == ("on_approval", "rejected")
    actions.withdraw_expense(first.pk, by=cast.manager, version=first.version, today=TODAY)
    assert actions.limit_of(fresh(cast.manager), TODAY).left == 5000


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("contact", {"contact_id": None}),
        ("participants", {"participants": " "}),
        ("purpose", {"purpose": " "}),
        ("amount", {"amount": D(0)}),
        ("spent_on", {"spent_on": TODAY + timedelta(days=1)}),
        ("spent_on", {"spent_on": TODAY - timedelta(days=31)}),
        ("file", {}),
    ],
)
def test_what_is_wrong_is_said_at_the_field(cast, meeting, field, change):
    receipt = None if field == "file" else RECEIPT
    with pytest.raises(RuleViolation) as wrong:
        log(cast.manager, replace(spent(meeting), **change), receipt=receipt)
    assert wrong.value.field == field
    assert not Expense.objects.exists()


def test_a_contact_of_an_unseen_client_is_no_contact(cast):
    foreign = costs.talk(cast.stranger)
    with pytest.raises(RuleViolation) as wrong:
        log(cast.manager, spent(foreign))
    assert wrong.value.field == "contact"


def test_other_expenses_need_no_contact_and_go_by_their_amount(cast):
    taxi = spent(amount="60000", item=costs.item("travel"), participants="")
    expense = log(cast.department_head, taxi)
    assert (expense.is_representation, expense.over_limit, expense.contact) == (False, 0, None)
    with pytest.raises(PermissionDenied):
        sign(expense, cast.department_head)
    sign(expense, cast.director)
    assert expense.state == "approved"


def test_two_at_once_cannot_exceed_the_limit(committed_db):
    cast = assemble()
    limit("5000")
    meeting = costs.talk(cast.manager)
    second = overtaken(
        lambda: log(fresh(cast.manager), spent(meeting, "3000")),
        lambda: log(fresh(cast.manager), spent(meeting, "3000")),
    )
    assert isinstance(second, RuleViolation), second
    assert second.field == "amount"
    assert Expense.objects.all().taken_by(cast.manager.pk, TODAY) == 3000


def test_a_doubled_click_logs_once(cast, meeting):
    key = uuid4()
    first = log(cast.manager, spent(meeting), key=key)
    assert log(cast.manager, spent(meeting), key=key) == first
    assert Expense.objects.count() == 1


def test_whoever_approved_takes_it_back_until_it_is_paid(cast, meeting):
    expense = sign(log(cast.manager, spent(meeting)), cast.department_head)
    approval = Approval.objects.of(expense).get()
    approvals.revoke(
        approval.pk, by=cast.department_head, reason="Не тот чек", version=approval.version,
        today=TODAY,
    )  # fmt: skip
    expense.refresh_from_db()
    assert (expense.state, expense.approved_by) == ("returned", None)


def test_the_person_is_locked_first_and_the_expense_when_it_is_paid(cast, meeting):
    found = locks(lambda: log(cast.manager, spent(meeting)))
    assert found[0] == "accounts_user"
    expense = costs.expense(cast.manager, contact=meeting, state="approved", by=cast.director)
    pay = {"version": 1, "on": TODAY, "document": "1", "today": TODAY}
    pk = expense.pk
    assert "reports_expense" in locks(lambda: payments.pay_expense(pk, by=cast.accountant, **pay))
    with pytest.raises(StaleVersion):
        payments.pay_expense(pk, by=cast.accountant, **pay)


def test_every_forbidden_move_is_refused(cast, meeting):
    assert set(EXPENSE_MOVES) == set(ExpenseState)
    by = {"by": cast.department_head, "payer": cast.accountant}
    for state in ("on_approval", "returned", "rejected", "withdrawn", "paid", "annulled"):
        row = costs.expense(cast.manager, contact=meeting, state=state, **by)
        pay = {"by": cast.accountant, "version": 1, "on": TODAY, "document": "1", "today": TODAY}
        with pytest.raises(RuleViolation):
            payments.pay_expense(row.pk, **pay)
    for state in ("on_approval", "approved", "rejected", "withdrawn", "annulled"):
        row = costs.expense(cast.manager, contact=meeting, state=state, **by)
        with pytest.raises(RuleViolation):
            payments.annul_expense(row.pk, by=cast.accountant, version=1, reason="Ошибка")
        again = {"by": cast.manager, "version": 1, "today": TODAY}
        with pytest.raises(PermissionDenied):
            actions.resend_expense(row.pk, spent(meeting), **again)


def test_the_database_keeps_the_facts(cast, meeting):
    by = {"by": cast.department_head, "payer": cast.accountant}
    wrong = {
        "expense_approved_by_another": {"state": "approved", "by": cast.manager},
        "expense_representation_is_whole": {"participants": ""},
        "expense_above_limit_says_why": {"over_limit": D(1)},
        "expense_amounts_in_bounds": {"amount": D(0)},
        "expense_contact_with_its_client": {"client": None},
        "expense_sent_back_says_why": {"state": "returned", "comment": ""},
        "expense_paid_by_somebody": {"state": "paid", **by, "paid_on": None},
    }
    for name, values in wrong.items():
        amount = values.pop("amount", D(4000))
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            costs.expense(cast.manager, amount, contact=meeting, **values)
    row = costs.expense(cast.manager, contact=meeting, state="paid", **by)
    rows = Expense.objects.filter(pk=row.pk)
    for change in ({"amount": D(1)}, {"state": "approved"}, {"spent_on": TODAY - timedelta(9)}):
        with pytest.raises(IntegrityError, match="paid"), transaction.atomic():
            rows.update(**change)


def test_who_sees_what(cast, meeting):
    row = costs.expense(cast.manager, contact=meeting)
    seen = {
        name for name in vars(cast)
        if hasattr(getattr(cast, name), "role")
        and row in Expense.objects.visible_to(fresh(getattr(cast, name)))
    }  # fmt: skip
    everybody = {"manager", "sector_head", "department_head", "director", "general_director"}
    assert seen == everybody | {"accountant"}


def test_costs_of_a_unit_are_booked_by_the_accounting_alone(cast):
    values = {"org_unit": cast.sector, "spent_on": TODAY, "amount": D(700), "purpose": "Связь"}
    cost = payments.Cost(item=costs.item("communication"), document="Счёт 5", **values)
    with pytest.raises(PermissionDenied):
        payments.book_cost(cost, by=cast.director, today=TODAY)
    row = payments.book_cost(cost, by=cast.accountant, today=TODAY)
    assert (row.state, row.employee, row.paid_on) == ("paid", None, TODAY)
    mine = payments.Cost(item=costs.item(), document="", **values)
    with pytest.raises(RuleViolation) as wrong:
        payments.book_cost(mine, by=cast.accountant, today=TODAY)
    assert wrong.value.field == "item"


def test_the_dialog_keeps_what_was_typed_and_the_card_shows_the_expense(cast, meeting):
    limit("5000")
    browser = signed_in(cast.manager)
    url = f"{reverse('reports:expense_create')}?contact={meeting.pk}"
    page = browser.get(url).content.decode()
    assert f'<option value="{meeting.pk}" selected' in page
    data = {
        "spent_on": TODAY.isoformat(), "item": costs.item().pk, "amount": "6 000,00",
        "contact": meeting.pk, "purpose": "Обед", "participants": "Петров",
    }  # fmt: skip
    file = SimpleUploadedFile("чек.pdf", PDF)
    answer = browser.post(url, data | {"file": file})
    assert answer.status_code == 422
    assert "5\xa0000,00\xa0₽" in answer.content.decode()
    file = SimpleUploadedFile("чек.pdf", PDF)
    assert browser.post(url, data | {"amount": "4 000,00", "file": file}).status_code == 302
    row = Expense.objects.get()
    timeline = browser.get(reverse("clients:timeline", args=[meeting.client_id])).content.decode()
    assert row.get_absolute_url() in timeline
    assert f"?contact={meeting.pk}" in timeline
    tab = browser.get(reverse("reports:client_expenses", args=[meeting.client_id]))
    assert row.get_absolute_url() in tab.content.decode()


def test_a_returned_expense_is_a_reason_of_my_day(cast, meeting):
    sign(log(cast.manager, spent(meeting)), cast.department_head, "return", "Кто был?")
    day = signed_in(cast.manager).get(reverse("reports:my_day")).content.decode()
    assert f"client={meeting.client_id}&amp;state=returned" in day
    assert Expense.objects.waiting_for(fresh(cast.manager)) == 1
    other = signed_in(cast.manager2).get(reverse("reports:my_day")).content.decode()
    assert "state=returned" not in other
    # What a head spent on a manager's client is not the manager's to correct.
    mine = costs.talk(cast.manager2)
    costs.expense(cast.sector_head, contact=mine, state="returned")
    other = signed_in(cast.manager2).get(reverse("reports:my_day")).content.decode()
    assert "state=returned" not in other


def test_a_list_of_thirty_costs_the_same_queries(cast, meeting, django_assert_max_num_queries):
    for _ in range(3):
        costs.expense(cast.manager, contact=meeting)
    browser, url = signed_in(cast.department_head), reverse("reports:expense_list")
    browser.get(url)
    with django_assert_max_num_queries(12) as few:
        browser.get(url)
    for _ in range(27):
        costs.expense(cast.manager, contact=costs.talk(cast.manager))
    with django_assert_max_num_queries(len(few)):
        browser.get(url)
