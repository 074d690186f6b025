"""Statements through the product: figures, once only, our accounts, transfers, undo."""

import json
from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from crm.imports import actions as imports
from crm.imports.actions import work
from crm.imports.models import ImportJob, ImportState
from crm.imports.pages import ImportPage
from deals.actions.allocations import free_payment
from deals.models import Allocation, BankStatement, Invoice, OwnAccount, Payment
from tests.cast import signed_in
from tests.factories import bank, clients, deals
from tests.factories.bank import OTHERS, OURS, SECOND, THEIRS
from tests.kernel.shared_files import shared_example

DAY = date(2026, 10, 20)
INN = "7701000019"


@pytest.fixture
def load(db, capsys, tmp_path):
    """Import a file by the command and give its JSON object."""

    def run(content, *arguments, name="kl_to_1c.txt"):
        path = tmp_path / name
        path.write_bytes(content)
        try:
            call_command("import_bank", str(path), "--json", *arguments)
        except SystemExit as end:
            assert end.code == 1
        return json.loads(capsys.readouterr().out)

    return run


def two(incoming="100.00", outgoing="30.00"):
    """One document each way with the turnover that fits."""
    documents = [
        bank.document("1", incoming),
        bank.document("2", outgoing, payer=OURS, payee=OTHERS),
    ]
    return bank.statement(documents, [bank.section(received=incoming, spent=outgoing)])


def payer(manager=None, **more):
    """A client with the INN of the sample documents."""
    owner = clients.client(manager, **more)
    clients.counterparty(owner, inn=INN)
    return owner


def test_the_worked_example_holds(load):
    example = shared_example("BANK-1")
    expected, given = example["expected"], example["input"]
    for inn, name in given["clients_by_inn"].items():
        owner = clients.client(name=name)
        clients.counterparty(owner, inn=inn)
        deals.invoice(owner, "180450.75", number="I1", on=date(2026, 9, 1))
        deals.invoice(owner, "200000.00", number="I2", on=date(2026, 9, 28))
    content = given["file_text"].encode("cp1251")
    answer = load(content)
    for name in ("documents", "incoming", "incoming_amount", "outgoing", "balance_ok"):
        assert answer[name] == expected[name]
    assert answer["matched_documents"] == expected["matched"]
    assert answer["unmatched_documents"] == expected["unmatched"]
    assert (answer["matched"], answer["unmatched"]) == (1, 1)
    assert answer["differences"] == []
    assert load(content)["created"] == expected["second_import_creates"]
    assert Invoice.objects.get(number="I2").paid_amount == Decimal("180450.75")
    assert Invoice.objects.get(number="I1").paid_amount == 0


@pytest.mark.parametrize("encoding", ["cp866", "utf-8", "utf-8-sig"])
def test_the_same_statement_in_another_encoding_adds_nothing(load, encoding):
    documents = [bank.document("1", "100"), bank.document("ё-2", "30", payer=OURS, payee=OTHERS)]
    assert load(bank.statement(documents))["new"] == 2
    before = list(Payment.objects.order_by("pk").values())
    again = load(bank.statement(documents, encoding=encoding))
    assert (again["new"], again["duplicates"], again["statements"]) == (0, 2, 0)
    assert list(Payment.objects.order_by("pk").values()) == before
    assert BankStatement.objects.count() == OwnAccount.objects.count() == 1


def test_documents_that_are_alike_are_all_kept_and_come_once(load):
    alike = [bank.document("7", "50")] * 3
    content = bank.statement(alike)
    assert load(content)["new"] == 3
    again = load(bank.statement([*alike, bank.document("7", "50", kind="Банковский ордер")]))
    assert (again["new"], again["duplicates"]) == (1, 3)
    assert Payment.objects.count() == 4


def test_money_is_incoming_by_our_account_whichever_date_is_filled(load):
    odd = bank.document("1", "10", ДатаПоступило=None, ДатаСписано="21.10.2026")
    answer = load(bank.statement([odd]))
    assert (answer["incoming"], answer["outgoing"]) == (1, 0)
    row = Payment.objects.get()
    assert (row.direction, row.kind, row.state, row.paid_on) == ("in", "customer", "unmatched", DAY)
    assert (row.party_inn, row.party_account, row.own_account.account) == (INN, THEIRS, OURS)


def test_the_day_is_that_of_the_bank(load):
    documents = [
        bank.document("1", "10", Дата="15.10.2026"),
        bank.document("2", "10", payer=OURS, payee=OTHERS, Дата="16.10.2026"),
    ]
    load(bank.statement(documents))
    assert set(Payment.objects.values_list("paid_on", flat=True)) == {DAY}
    assert Payment.objects.get(number="1").dated_on == date(2026, 10, 15)


def test_outgoing_money_is_no_clients_unless_it_goes_back_to_one(load):
    owner = payer()
    back = {"ПолучательИНН": INN, "ПолучательСчет": THEIRS, "ПолучательРасчСчет": THEIRS}
    documents = [
        bank.document("1", "10", payer=OURS, payee=OTHERS),
        bank.document("2", "20", payer=OURS, payee=THEIRS, **back),
    ]
    load(bank.statement(documents))
    first, second = Payment.objects.order_by("number")
    assert (first.kind, first.state, first.client) == ("other", "ignored", None)
    assert first.reason
    assert (second.kind, second.client, second.party_inn) == ("refund", owner, INN)


def test_a_document_between_own_accounts_is_no_clients_and_counts_once(load):
    payer()
    clients_inn = {"ПолучательИНН": INN}
    sent = bank.document("5", "70", payer=SECOND, ДатаПоступило=None, **clients_inn)
    sent.insert(1, "ДатаСписано=20.10.2026")
    came = bank.document("5", "70", payer=SECOND, **clients_inn)
    sections = [bank.section(received="70"), bank.section(SECOND, opening="70", spent="70")]
    answer = load(bank.statement([sent, came], sections))
    assert (answer["documents"], answer["new"], answer["own_transfers"]) == (2, 1, 1)
    assert answer["differences"] == []
    assert answer["own_transfers_amount"] == "70.00"
    row = Payment.objects.get()
    assert (row.kind, row.state, row.client) == ("own_transfer", "ignored", None)
    assert load(bank.statement([came], sections[:1]))["new"] == 0


def test_a_payment_becomes_a_transfer_when_its_other_account_turns_out_ours(load):
    content = bank.statement([bank.document("5", "70", payer=SECOND)])
    load(content)
    assert Payment.objects.get().kind == "customer"
    again = load(content, "--own-account", SECOND)
    assert (again["updated"], again["own_transfers"], again["new"]) == (1, 1, 0)
    row = Payment.objects.get()
    assert (row.kind, row.state, row.own_account.account) == ("own_transfer", "ignored", SECOND)
    assert load(content)["unchanged"] == 1


def test_a_document_of_nobody_we_know_is_shown_and_pays_nothing(load):
    payer()
    masked = {"ПлательщикСчет": "123", "ПлательщикРасчСчет": "123", "ПолучательИНН": INN}
    out = bank.document("1", "40", payee=OTHERS, **masked)
    silent = bank.document("2", "50", payee=OTHERS, **masked, ДатаСписано="")
    answer = load(bank.statement([out, silent], [bank.section(opening="40", spent="40")]))
    assert (answer["incoming"], answer["outgoing"], answer["direction_unknown"]) == (0, 0, 2)
    assert (answer["created"], answer["refused"], answer["matched"]) == (1, 1, 0)
    assert any("40,00" in sentence for sentence in answer["warnings"])
    row = Payment.objects.get()
    assert (row.direction, row.kind, row.state, row.client) == ("out", "other", "unmatched", None)
    assert not Payment.objects.unmatched().exists(), "nobody looks for its client"


def test_declared_turnover_that_documents_do_not_make_is_told(load):
    documents = [bank.document("1", "100")]
    sections = [bank.section(opening="10", received="150", spent="20", closing="141")]
    answer = load(bank.statement(documents, sections))
    told = {row["direction"]: row["difference"] for row in answer["differences"]}
    assert told == {"in": "50.00", "out": "20.00", "balance": "1.00"}
    assert answer["balance_ok"] is False
    assert answer["declared_minus_documents"] == {"in": "50.00", "out": "20.00"}
    row = BankStatement.objects.get()
    assert (row.missing_in, row.missing_out, row.unbalanced) == (50, 20, 1)
    assert len(row.warnings) == 3


def test_daily_sections_make_one_statement_and_a_gap_is_told(load):
    days = [
        bank.section(first="18.10.2026", last="18.10.2026", opening="5", received="1"),
        bank.section(first="19.10.2026", last="19.10.2026", opening="6", received="2"),
    ]
    answer = load(bank.statement([], days))
    assert (answer["opening"], answer["closing"], answer["declared_in"]) == ("5.00", "8.00", "3.00")
    row = BankStatement.objects.get()
    assert (row.date_from, row.date_to) == (date(2026, 10, 18), date(2026, 10, 19))
    days[1] = bank.section(first="20.10.2026", last="20.10.2026", opening="7", received="2")
    warnings = " ".join(load(bank.statement([], days), "--dry-run")["warnings"])
    assert "19.10.2026" in warnings
    assert "6,00" in warnings


def test_the_same_period_is_brought_up_to_date(load):
    load(two())
    documents = [bank.document("1", "100.00"), bank.document("9", "5")]
    answer = load(bank.statement(documents, [bank.section(received="105")]))
    assert (answer["new"], answer["duplicates"], answer["statements"]) == (1, 1, 1)
    row = BankStatement.objects.get()
    assert (row.declared_in, row.documents_in, row.payments.count()) == (105, 105, 3)


def test_a_dry_run_foresees_and_writes_nothing(load):
    payer()
    answer = load(two(), "--dry-run")
    assert (answer["new"], answer["matched"], answer["unmatched"]) == (2, 1, 0)
    assert answer["statements"] == 1
    assert not Payment.objects.exists()
    assert not OwnAccount.objects.exists()


def test_a_broken_file_imports_nothing_and_says_where(load):
    content = two().replace("КонецДокумента".encode("cp1251"), b"", 1)
    answer = load(content)
    assert "34" in answer["error"]
    assert (answer["documents"], answer["created"]) == (0, 0)
    assert not Payment.objects.exists()
    assert not BankStatement.objects.exists()


def test_unknown_accounts_can_be_refused_on_the_command_line(load):
    answer = load(two(), "--only-known-accounts")
    assert OURS in answer["error"]
    assert not OwnAccount.objects.exists()
    deals.own_account(account=OURS)
    assert load(two(), "--only-known-accounts")["new"] == 2


def test_money_in_another_currency_is_refused(load):
    dollars = "40702840000000099999"
    answer = load(bank.statement([bank.document("1", "5", payee=dollars)], account=dollars))
    assert (answer["refused"], answer["created"]) == (1, 0)


def queue(person, content, **options):
    """Upload and check like a person does."""
    job = imports.upload_import(by=person, kind="bank", file_name="kl.txt", content=content)
    return check(person, job, **options)


def check(person, job, **options):
    job = imports.check_columns(
        job.pk, by=person, version=job.version, columns=job.mapping, options=options
    )
    imports.perform(job.pk)
    return ImportJob.objects.get(pk=job.pk)


def carry_out(person, job, action=imports.apply_import):
    action(job.pk, by=person, version=job.version)
    assert work.run_waiting_imports() == 1
    return ImportJob.objects.get(pk=job.pk)


def test_on_the_page_an_unknown_account_is_offered_and_not_guessed(cast):
    person = cast.accountant
    job = queue(person, two())
    assert job.state == ImportState.FAILED
    assert OURS in job.error
    page = signed_in(person).get(job.get_absolute_url()).content.decode()
    assert 'name="accept_accounts"' in page
    assert OURS in page
    job = check(person, job, accept_accounts="on")
    assert job.state == ImportState.PREVIEWED
    job = carry_out(person, job)
    assert (job.state, job.stats["created"]) == (ImportState.APPLIED, 2)
    assert BankStatement.objects.get().import_job == job
    job = queue(person, two())
    assert job.stats["unchanged"] == 2  # known now: nothing is asked


def test_a_statement_without_documents_can_be_applied_on_the_page(cast):
    person = cast.accountant
    deals.own_account(account=OURS)
    job = queue(person, bank.statement([], [bank.section(opening="5")]))
    page = signed_in(person).get(job.get_absolute_url()).content.decode()
    assert reverse("imports:apply", args=[job.pk]) in page
    carry_out(person, job)
    assert BankStatement.objects.get().opening == 5
    again = queue(person, bank.statement([], [bank.section(opening="5")]))
    page = signed_in(person).get(again.get_absolute_url()).content.decode()
    assert reverse("imports:apply", args=[again.pk]) not in page


def test_a_statement_that_asks_nothing_is_checked_as_it_comes(cast):
    """Its columns are no question; an account that nobody knows is one."""
    http = signed_in(cast.accountant)

    def sent():
        file = SimpleUploadedFile("kl.txt", two())
        page = http.post(reverse("imports:upload"), {"kind": "bank", "file": file}, follow=True)
        return page.context["job"].state

    assert sent() == ImportState.UPLOADED
    deals.own_account(account=OURS)
    assert sent() == ImportState.PREVIEWED


def test_the_result_leads_to_the_payers_nobody_knows(cast):
    deals.own_account(account=OURS)
    person = cast.accountant
    job = carry_out(person, queue(person, two()))
    page = signed_in(person).get(job.get_absolute_url())
    assert page.context["page"].waiting == [
        ("Неизвестные плательщики", 1, reverse("deals:payment_queue"))
    ]
    assert "Неизвестные плательщики: 1</a>" in page.content.decode()
    Payment.objects.update(client=payer(cast.manager), state="advance")
    page = signed_in(person).get(job.get_absolute_url()).content.decode()
    assert "Неизвестные плательщики:" not in page
    assert ImportPage(job, cast.admin, timezone.now()).waiting == []


def test_undoing_takes_payments_statements_and_allocations_back(cast):
    person, owner = cast.accountant, payer(cast.manager)
    invoice = deals.invoice(owner, "100.00", on=date(2026, 9, 1))
    deals.own_account(account=OURS)
    job = carry_out(person, queue(person, two()))
    invoice.refresh_from_db()
    assert (invoice.state, Payment.objects.get(number="1").state) == ("paid", "allocated")
    job = carry_out(person, job, imports.ask_undo)
    assert job.state == ImportState.ROLLED_BACK
    assert not Payment.objects.exists()
    assert not BankStatement.objects.exists()
    assert not Allocation.objects.exists()
    invoice.refresh_from_db()
    assert (invoice.paid_amount, invoice.settled_on) == (0, None)


def test_undoing_brings_the_former_figures_of_a_statement_back(cast):
    person = cast.accountant
    deals.own_account(account=OURS)
    carry_out(person, queue(person, two()))
    documents = [bank.document("1", "100.00"), bank.document("9", "5")]
    more = bank.statement(documents, [bank.section(received="105")])
    job = carry_out(person, queue(person, more))
    carry_out(person, job, imports.ask_undo)
    row = BankStatement.objects.get()
    assert (row.declared_in, row.documents_in, row.payments.count()) == (100, 100, 2)


def test_what_a_person_changed_since_is_not_undone(cast):
    person, owner = cast.accountant, payer(cast.manager)
    deals.invoice(owner, "60.00", on=date(2026, 9, 1))
    deals.own_account(account=OURS)
    content = two("60.00")
    job = carry_out(person, queue(person, content))
    free_payment(Payment.objects.get(number="1").pk, by=person)
    job = carry_out(person, job, imports.ask_undo)
    assert job.state == ImportState.APPLIED
    assert job.error
    assert Payment.objects.count() == 2


def test_only_the_accounting_and_the_administrator_import(cast):
    for name in ("accountant", "admin"):
        page = signed_in(getattr(cast, name)).get(reverse("imports:upload"))
        assert 'value="bank"' in page.content.decode()
    for name in ("department_head", "director"):
        page = signed_in(getattr(cast, name)).get(reverse("imports:upload"))
        assert 'value="bank"' not in page.content.decode()
