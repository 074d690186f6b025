"""Counterparties and accounts: exact codes, INN + KPP once, one main; real branches and banks."""

import csv

import pytest
from django.core.exceptions import PermissionDenied

from clients.actions import accounts as account_actions
from clients.actions import requisites as actions
from clients.actions.banks import import_banks
from clients.duplicates import similar_clients
from clients.models import Bank, BankAccount, Counterparty
from crm import requisites_sample as sample
from crm.errors import RuleViolation, StaleVersion
from tests.factories import clients
from tests.kernel.shared_files import shared_file

BIC = "044525225"


def add(client, by, **more):
    values = {"full_name": "ООО «Вектор»", "inn": clients.inn(), "kpp": "770101001", **more}
    return actions.create_counterparty(client.pk, by=by, **values)


def test_the_first_counterparty_is_the_main_one_and_hands_the_mark_over(cast):
    client = clients.client(cast.manager)
    first, second = add(client, cast.manager), add(client, cast.manager)
    assert (first.is_main, second.is_main) == (True, False)
    actions.edit_counterparty(second.pk, by=cast.manager, version=1, is_main=True)
    first.refresh_from_db()
    assert not first.is_main
    assert first.version == 2
    actions.archive_counterparty(second.pk, by=cast.manager)
    first.refresh_from_db()
    assert first.is_main
    actions.restore_counterparty(second.pk, by=cast.manager)
    second.refresh_from_db()
    assert second.archived_at is None
    assert not second.is_main


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"inn": "7707083890"}, "inn"),
        ({"inn": "0000000000"}, "inn"),
        ({"inn": "", "kpp": "770101001"}, "inn"),
        ({"kpp": "77010100"}, "kpp"),
        ({"inn": sample.make_person_inn(5), "kpp": "770101001"}, "kpp"),
        ({"ogrn": "1027700132196"}, "ogrn"),
        ({"full_name": "   "}, "full_name"),
    ],
)
def test_wrong_codes_are_refused_beside_their_field(cast, values, field):
    client = clients.client(cast.manager)
    with pytest.raises(RuleViolation) as refusal:
        add(client, cast.manager, **values)
    assert refusal.value.field == field
    assert not Counterparty.objects.exists()


def test_the_same_inn_and_kpp_is_a_hard_stop_that_names_the_visible_client(cast):
    taken = clients.counterparty(clients.client(cast.manager2, name="ООО «Ромашка»"))
    client = clients.client(cast.sector_head)
    with pytest.raises(RuleViolation) as refusal:
        add(client, cast.sector_head, inn=taken.inn, kpp=taken.kpp)
    assert "Ромашка" in str(refusal.value)
    assert taken.client.code in str(refusal.value)


def test_the_hard_stop_tells_nothing_about_a_hidden_client(cast):
    taken = clients.counterparty(clients.client(cast.stranger, name="CANARY", code="CANARY"))
    with pytest.raises(RuleViolation) as refusal:
        add(clients.client(cast.manager), cast.manager, inn=taken.inn, kpp=taken.kpp)
    assert "CANARY" not in str(refusal.value)
    assert "Чужаков" not in str(refusal.value)


def test_an_archived_counterparty_keeps_its_inn_and_kpp(cast):
    client = clients.client(cast.manager)
    old = add(client, cast.manager)
    actions.archive_counterparty(old.pk, by=cast.manager)
    with pytest.raises(RuleViolation):
        add(client, cast.manager, inn=old.inn, kpp=old.kpp)


def test_one_inn_may_have_many_kpp(cast):
    client, inn = clients.client(cast.manager), clients.inn()
    for branch in range(3):
        add(client, cast.manager, inn=inn, kpp=sample.make_kpp(inn, branch=branch))
    assert Counterparty.objects.filter(inn=inn).count() == 3


def test_the_real_branches_give_46_pairs_and_3_refusals(cast):
    """49 rows of one bank's branches: one INN, 46 different KPP."""
    client = clients.client(cast.manager)
    path = shared_file("data/requisites/sberbank_branches_same_inn_different_kpp.csv")
    done, refused = 0, 0
    with path.open(encoding="utf-8") as file:
        for row in csv.DictReader(file, delimiter=";"):
            try:
                add(client, cast.manager, full_name=row["name"], inn=row["inn"], kpp=row["kpp"])
                done += 1
            except RuleViolation as refusal:
                assert refusal.field == "inn"
                refused += 1
    assert (done, refused) == (46, 3)
    assert Counterparty.objects.filter(client=client, is_main=True).count() == 1


def test_the_real_entities_are_added_where_their_inn_is_right(cast):
    client = clients.client(cast.manager)
    with shared_file("data/requisites/legal_entities_from_these_files.csv").open(
        encoding="utf-8"
    ) as file:
        for row in csv.DictReader(file):
            values = {"full_name": row["name"], "inn": row["inn"], "kpp": row["kpp"]}
            if row["inn_checksum"] == "valid":
                add(client, cast.manager, **values)
            else:
                with pytest.raises(RuleViolation):
                    add(client, cast.manager, **values)
    assert Counterparty.objects.filter(inn="7707049388").count() == 5


def directory():
    with shared_file("data/requisites/bik_directory_2026-08-21.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_the_directory_of_banks_is_imported_once_and_again(db):
    first = import_banks(directory())
    assert (first.rows, first.created, first.refused) == (1432, 1432, [])
    again = import_banks(directory())
    assert (again.created, again.updated, again.unchanged) == (0, 0, 1432)
    assert Bank.objects.count() == 1432


def test_all_965_correspondent_accounts_of_banks_pass_their_key(db):
    rows = directory()
    import_banks(rows)
    wanted = {r["bic"]: r["account"] for r in rows if r["regulationaccounttype"] == "CRSA"}
    assert len(wanted) == 965
    assert dict(Bank.objects.filter(bic__in=wanted).values_list("bic", "corr_account")) == wanted


def test_a_dry_run_of_the_directory_writes_nothing(db):
    assert import_banks(directory(), dry_run=True).created == 1432
    assert not Bank.objects.exists()


def test_a_bank_that_changed_its_name_is_updated(db):
    rows = directory()[:3]
    import_banks(rows)
    rows[0]["namep"] = "НОВОЕ ИМЯ"
    assert import_banks(rows).updated == 1
    assert Bank.objects.get(bic=rows[0]["bic"]).name == "НОВОЕ ИМЯ"


def test_an_account_takes_name_and_correspondent_account_from_the_directory(cast):
    Bank.objects.create(
        bic=BIC, name="ПАО СБЕРБАНК", city="Москва", corr_account="30101810400000000225"
    )
    counterparty = clients.counterparty(clients.client(cast.manager))
    number = sample.make_account(BIC, 7)
    account = account_actions.create_account(
        counterparty.pk, by=cast.manager, bic=BIC, account=number
    )
    assert (account.bank_name, account.corr_account) == ("ПАО СБЕРБАНК", "30101810400000000225")
    assert account.is_main


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"account": "40702810000000000001"}, "account"),
        ({"account": "4070281000000000000"}, "account"),
        ({"corr_account": "30101810400000000226"}, "corr_account"),
        ({"bic": "12"}, "account"),
    ],
)
def test_a_wrong_account_is_refused(cast, values, field):
    counterparty = clients.counterparty(clients.client(cast.manager))
    wanted = {"bic": BIC, "account": sample.make_account(BIC, 1), **values}
    with pytest.raises(RuleViolation) as refusal:
        account_actions.create_account(counterparty.pk, by=cast.manager, **wanted)
    assert refusal.value.field == field
    assert not BankAccount.objects.exists()


def test_the_same_account_twice_is_refused(cast):
    counterparty = clients.counterparty(clients.client(cast.manager))
    known = clients.account(counterparty)
    with pytest.raises(RuleViolation) as refusal:
        account_actions.create_account(
            counterparty.pk, by=cast.manager, bic=known.bic, account=known.account
        )
    assert refusal.value.field == "account"


def test_closing_the_main_account_makes_another_the_main_one(cast):
    counterparty = clients.counterparty(clients.client(cast.manager))
    first, second = clients.account(counterparty), clients.account(counterparty)
    account_actions.close_account(first.pk, by=cast.manager, today=clients.TODAY)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.closed_on, first.is_main, second.is_main) == (clients.TODAY, False, True)
    account_actions.reopen_account(first.pk, by=cast.manager)
    first.refresh_from_db()
    assert first.closed_on is None
    assert not first.is_main


def test_a_stale_counterparty_or_account_is_refused(cast):
    counterparty = clients.counterparty(clients.client(cast.manager))
    account = clients.account(counterparty)
    with pytest.raises(StaleVersion):
        actions.edit_counterparty(counterparty.pk, by=cast.manager, version=7, full_name="Х")
    with pytest.raises(StaleVersion):
        account_actions.edit_account(account.pk, by=cast.manager, version=7, bank_name="Х")


@pytest.mark.parametrize("who", ["director", "accountant", "lawyer"])
def test_readers_change_no_requisites(cast, who):
    counterparty = clients.counterparty(clients.client(cast.manager))
    with pytest.raises(PermissionDenied):
        actions.edit_counterparty(counterparty.pk, by=getattr(cast, who), version=1, full_name="Х")


@pytest.mark.parametrize("who", ["stranger", "marketer", "admin"])
def test_those_who_do_not_see_requisites_do_not_find_them(cast, who):
    counterparty = clients.counterparty(clients.client(cast.manager))
    with pytest.raises(Counterparty.DoesNotExist):
        actions.archive_counterparty(counterparty.pk, by=getattr(cast, who))


def test_likenesses_by_inn_phone_and_name(cast):
    known = clients.client(cast.manager, name="ООО «Северный ветер»", phone="+74951234567")
    clients.counterparty(known, inn="7707083893", kpp="770101001")
    for typed in (
        {"name": "Сиверный ветер"},
        {"name": "ао северный  ВЕТЕР"},
        {"phone": "+74951234567"},
        {"inn": "7707083893"},
    ):
        found = similar_clients(cast.manager, **typed)
        assert [likeness.client for likeness in found] == [known], typed


def test_a_hidden_likeness_is_only_a_hint_to_ask(cast):
    clients.client(cast.stranger, name="ООО «Северный ветер»")
    (likeness,) = similar_clients(cast.manager, name="Северный ветер")
    assert likeness.client is None


def test_different_names_are_no_likeness(cast):
    clients.client(cast.manager, name="ООО «Северный ветер»")
    assert similar_clients(cast.manager, name="Южный берег") == []
    assert similar_clients(cast.manager, name="а") == []
