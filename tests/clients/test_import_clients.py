"""Clients of files: found again by INN + KPP or id, checked exactly, owned and decided by rules."""

import pytest

from clients.models import (
    BankAccount,
    CategoryAssignment,
    Client,
    ClientAssignment,
    ContactPerson,
    Counterparty,
)
from crm.imports.models import ImportRow
from tests.cast import fresh
from tests.factories import categories
from tests.imports.test_lifecycle import applied, counts, undone

BIC = "044525225"
FULL = (
    "Наименование в программе;Полное наименование;ИНН;КПП;ОГРН;Юридический адрес;Фактический адрес;"
    "Телефон;Электронная почта;БИК;Расчетный счет;Основной менеджер;Группа;Контактное лицо;"
    "Категория;Комментарий\n"
    "Ромашка;ООО «Ромашка»;7707083893;775001001;1027700132195;Москва, Вавилова 19;Москва;"
    "8 (495) 123-45-67, 8 912 345-67-89;info@romashka.ru;{bic};{account};Иванова Анна Петровна;"
    "Розница;Сидоров Иван;{category};Любит звонки утром\n"
)


def account():
    from crm.requisites import account_key

    digits = "40702810000000000001"
    key = account_key(BIC[-3:], digits)
    return digits[:8] + key + digits[9:]


def full(category=""):
    return FULL.format(bic=BIC, account=account(), category=category).encode("cp1251")


def clients(by, content, **options):
    if isinstance(content, str):
        content = content.encode()
    return applied(fresh(by), content, "clients", **options)


def reasons():
    return " ".join(ImportRow.objects.values_list("reason", flat=True))


def test_a_counterparty_of_1c_comes_with_all_its_parts(department_head, manager):
    job = clients(department_head, full())
    assert counts(job)["created"] == 1
    client = Client.objects.get()
    assert (client.name, client.phone, client.email) == (
        "Ромашка",
        "+74951234567",
        "info@romashka.ru",
    )
    assert client.specifics == "Любит звонки утром\nТакже: 8 912 345-67-89"
    assert client.tags == ["Розница"]
    assert (client.manager, client.org_unit) == (manager, manager.org_unit)
    legal = Counterparty.objects.get(client=client)
    assert (legal.inn, legal.kpp, legal.ogrn) == ("7707083893", "775001001", "1027700132195")
    assert legal.is_main
    assert BankAccount.objects.get(counterparty=legal).account == account()
    assert ContactPerson.objects.get(client=client).full_name == "Сидоров Иван"
    assert ClientAssignment.objects.get(client=client).manager == manager
    assert client.code.startswith("K-")
    assert "7707083893" in client.search.text
    assert "сидоров" in client.search.text


def test_the_same_file_twice_adds_nothing(department_head):
    clients(department_head, full("A"))
    again = clients(department_head, full("A"))
    assert counts(again) == {"created": 0, "updated": 0, "unchanged": 1, "refused": 0}


def test_the_head_of_the_department_decides_the_category(department_head):
    clients(department_head, full("А"))  # a Cyrillic letter, as people type it
    client = Client.objects.get()
    assert client.category == "A"
    row = CategoryAssignment.objects.get(client=client)
    assert (row.kind, row.decided_by) == ("initial", department_head)


def test_a_head_does_not_decide_for_the_department_of_another(admin, department_head, stranger):
    """The command line names nobody who decides: the category waits for the head."""
    from django.utils import timezone

    from crm.imports import actions

    done = actions.import_file(
        "clients",
        by=None,
        file_name="c.csv",
        content=full("B"),
        columns={},
        options={},
        now=timezone.now(),
        dry=False,
    )
    assert done.summary.warnings == 1
    assert Client.objects.get().category is None


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("A;123;;", "ИНН"),
        ("A;7707083894;;", "ИНН"),
        ("A;7707083893;12;", "КПП"),
        ("A;;775001001;", "КПП"),
        ("A;500100732259;775001001;", "КПП"),
        (";7707083893;;", "названи"),
        ("A;7707083893;;x", "атегории"),
        ("A\x07;7707083893;;", "символ"),
        ("A" * 300 + ";;;", "255"),
    ],
)
def test_a_wrong_row_is_refused_with_its_reason(department_head, row, reason):
    content = f"Наименование;ИНН;КПП;Категория\n{row}\nХорошая;7728168971;770101001;\n"
    job = clients(department_head, content)
    assert counts(job) == {"created": 1, "updated": 0, "unchanged": 0, "refused": 1}
    assert reason in reasons()


@pytest.mark.parametrize(
    ("columns", "row"),
    [
        ("БИК;Расчетный счет", f"{BIC};40702810000000000001"),
        ("Расчетный счет", "40702810400000000225"),
        ("ОГРН", "1027700132196"),
    ],
)
def test_wrong_requisites_are_refused(department_head, columns, row):
    content = f"Наименование;ИНН;{columns}\nРомашка;7707083893;{row}\n"
    assert clients(department_head, content).stats["refused"] == 1


def test_leading_zeros_that_a_spreadsheet_dropped_come_back(department_head):
    content = "Наименование;ИНН;КПП\nБайкал;310004936;31001001\n"
    clients(department_head, content)
    legal = Counterparty.objects.get()
    assert (legal.inn, legal.kpp) == ("0310004936", "031001001")


def test_one_inn_with_many_kpp_is_many_clients_and_a_repeated_pair_is_refused(department_head):
    content = (
        "Наименование;ИНН;КПП\n"
        "Сбер 1;7707083893;775001001\n"
        "Сбер 2;7707083893;381102001\n"
        "Сбер 3;7707083893;775001001\n"
    )
    job = clients(department_head, content)
    assert counts(job) == {"created": 2, "updated": 0, "unchanged": 0, "refused": 1}
    assert "2" in reasons()


def test_parents_may_stand_below_their_parts(department_head):
    content = "account,subsidiary_of\nPart,Whole\nWhole,\nOther,Nobody\n"
    job = clients(department_head, content)
    assert Client.objects.get(name="Part").parent.name == "Whole"
    assert Client.objects.get(name="Other").parent is None
    assert job.stats["warnings"] == 1
    again = clients(department_head, content)
    assert counts(again)["unchanged"] == 3


def test_a_chain_has_two_levels(department_head):
    content = "account,subsidiary_of\nA,B\nB,C\nC,\nD,D\n"
    clients(department_head, content)
    assert Client.objects.get(name="A").parent.name == "B"
    assert Client.objects.get(name="B").parent is None
    assert Client.objects.get(name="D").parent is None


def test_a_known_client_gets_its_parent_from_the_file_and_undo_takes_it_back(department_head):
    clients(department_head, "account\nPart\n")
    job = clients(department_head, "account,subsidiary_of\nPart,Whole\nWhole,\n")
    assert counts(job) == {"created": 1, "updated": 1, "unchanged": 0, "refused": 0}
    assert Client.objects.get(name="Part").parent.name == "Whole"
    assert undone(department_head, job).state == "rolled_back"
    assert Client.objects.get(name="Part").parent is None


def test_empty_cells_erase_nothing(department_head):
    clients(department_head, full())
    content = "Наименование;ИНН;КПП;Телефон;Электронная почта\nРомашка;7707083893;775001001;;\n"
    assert counts(clients(department_head, content))["unchanged"] == 1
    assert Client.objects.get().phone == "+74951234567"


@pytest.mark.parametrize(
    ("existing", "phone", "address"),
    [
        ("update", "+79120000000", "Тверь"),
        ("fill", "+74951234567", "Тверь"),
        ("skip", "+74951234567", ""),
    ],
)
def test_what_a_file_does_to_known_clients_is_chosen(department_head, existing, phone, address):
    first = "Наименование;ИНН;Телефон;Адрес\nРомашка;7707083893;84951234567;\n"
    clients(department_head, first)
    clients(
        department_head,
        "Наименование;ИНН;Телефон;Адрес\nРомашка;7707083893;89120000000;Тверь\n",
        existing=existing,
    )
    client = Client.objects.get()
    assert (client.phone, client.address) == (phone, address)


def test_an_owner_is_not_replaced_by_a_file(department_head, manager, manager2):
    clients(department_head, full())
    changed = full().replace("Иванова Анна Петровна".encode("cp1251"), b"manager2")
    job = clients(department_head, changed)
    assert Client.objects.get().manager == manager
    assert job.stats["warnings"] == 1


def test_a_client_without_an_owner_gets_the_one_of_the_file(department_head, manager2):
    clients(department_head, "Наименование\nРомашка\n")
    assert Client.objects.get().manager is None
    job = clients(department_head, "Наименование;Менеджер\nРомашка;Ёлкин Б. С.\n")
    client = Client.objects.get()
    assert (client.manager, client.org_unit) == (manager2, manager2.org_unit)
    assert ClientAssignment.objects.get(client=client).manager == manager2
    assert undone(department_head, job).state == "rolled_back"
    assert Client.objects.get().manager is None


def test_a_manager_of_another_department_is_not_taken(department_head, stranger):
    job = clients(department_head, "Наименование;Менеджер\nРомашка;stranger\n")
    client = Client.objects.get()
    assert (client.manager, client.org_unit) == (None, department_head.org_unit)
    assert job.stats["warnings"] == 1


def test_a_client_of_another_department_is_neither_shown_nor_changed(department_head, stranger):
    hidden = categories.client(stranger, name="Чужой", external_id="X1")
    content = "Наименование;Код\nПереименован;X1\n"
    job = clients(department_head, content)
    assert job.stats["refused"] == 1
    assert "Чужой" not in reasons() + str(job.preview)
    hidden.refresh_from_db()
    assert hidden.name == "Чужой"


def test_names_find_clients_only_where_it_was_asked_for(department_head, manager):
    known = categories.client(manager, name="ООО «Ромашка»")
    job = clients(department_head, "Наименование;Телефон\nооо «ромашка»;84951234567\n")
    assert counts(job)["created"] == 1
    assert job.stats["warnings"] == 1
    undone(department_head, job)
    job = clients(
        department_head, "Наименование;Телефон\nооо ромашка;84951234567\n", match_names="on"
    )
    assert counts(job)["updated"] == 1
    known.refresh_from_db()
    assert known.phone == "+74951234567"


def test_two_keys_of_two_clients_are_refused(department_head, manager):
    categories.client(manager, external_id="X1")
    other = categories.client(manager)
    Counterparty.objects.create(client=other, full_name="B", inn="7707083893", kpp="775001001")
    content = "Наименование;Код;ИНН;КПП\nA;X1;7707083893;775001001\n"
    assert clients(department_head, content).stats["refused"] == 1


def test_an_archived_client_stays_in_the_archive(department_head, manager):
    from django.utils import timezone

    categories.client(
        manager,
        external_id="X1",
        status="archived",
        archived_at=timezone.now(),
        archive_reason="Закрылся",
    )
    assert clients(department_head, "Наименование;Код\nA;X1\n").stats["refused"] == 1


def test_another_legal_side_is_added_beside_the_main_one(department_head):
    clients(department_head, "Наименование;Код;ИНН;КПП\nA;X1;7707083893;775001001\n")
    job = clients(department_head, "Наименование;Код;ИНН;КПП\nA;X1;7707083893;381102001\n")
    assert counts(job)["updated"] == 1
    sides = Counterparty.objects.order_by("pk").values_list("kpp", "is_main")
    assert list(sides) == [("775001001", True), ("381102001", False)]


def test_undo_keeps_the_search_of_a_client_true(department_head):
    clients(department_head, "Наименование;Код\nA;X1\n")
    job = clients(department_head, "Наименование;Код;Контактное лицо\nA;X1;Совин Олег\n")
    assert "совин" in Client.objects.get().search.text
    undone(department_head, job)
    assert "совин" not in Client.objects.get().search.text


def test_formula_like_text_is_stored_as_it_stands(department_head):
    clients(department_head, "Наименование;Комментарий\nA;'=1+1\nB;@cmd\n")
    assert set(Client.objects.values_list("specifics", flat=True)) == {"=1+1", "@cmd"}


def test_queries_do_not_grow_with_the_rows(department_head, django_assert_max_num_queries):
    from crm.imports import actions
    from tests.imports.test_lifecycle import uploaded

    rows = "".join(f"Клиент {n};X{n}\n" for n in range(500))
    job = uploaded(department_head, f"Наименование;Код\n{rows}".encode())
    job = actions.check_columns(
        job.pk, by=department_head, version=job.version, columns=job.mapping, options={}
    )
    with django_assert_max_num_queries(60):
        actions.perform(job.pk)
