"""What an import has to say is kept in both languages, whoever imported: columns, rows, preview."""

import pytest

from crm.errors import RuleViolation
from crm.imports import mapping, registry
from crm.imports.options import clean_options
from crm.said import Said
from tests.factories import clients
from tests.imports.test_lifecycle import checked
from tests.reports.test_said import EN, RU, marks, of_one_language

__all__ = ["marks"]

FILES = {
    "clients": "Наименование;ИНН;КПП;Телефон;Тип;Статус\n"
    "ООО «Ромашка»;7707083893;775001001;нет;юрлицо;клиент\n"
    "Сломанный;123;9;;;\n",
    "contacts": "Дата и время;Клиент;Менеджер;Вид;Результат;Примечание\n"
    "2026-11-02 10:00;Лютик;manager;звонок;Заказ;Цены\n99.99;Никто;manager;;;\n",
    "people": "ФИО;Должность;Подразделение;Роль\n"
    "Иванов Иван Иванович;Менеджер;Сектор;менеджер\n;;;\n",
    "sales": "Номер;Дата;Клиент;Сумма;Вид\n"
    "А-1;05.11.2026;Лютик;100,00;реализация\nА-2;32.11.2026;Лютик;1;\n",
}


@pytest.mark.usefixtures("marks")
@pytest.mark.parametrize("kind", FILES)
def test_what_an_import_says_is_in_both_languages(cast, kind):
    clients.client(cast.manager, name="Лютик")
    by = (
        cast.admin
        if kind == "people"
        else cast.accountant
        if kind == "sales"
        else cast.department_head
    )
    job = checked(by, FILES[kind].encode(), kind)
    assert job.preview, job.error
    assert RU in str(job.preview)
    assert EN not in str(job.preview), "read in the reader's language"
    found = {
        name: value for name, value in of_one_language().items() if name.startswith("imports_")
    }
    assert found == {}


@pytest.mark.usefixtures("marks")
def test_a_refused_mapping_and_option_are_said_in_both_languages(cast):
    kind = registry.get("contacts")
    with pytest.raises(RuleViolation) as refused:
        mapping.check(kind, {}, 3)
    each = refused.value.sentence.each
    assert EN not in each["ru"]
    assert RU not in each["en"]
    option = registry.get("clients").options[0].name
    with pytest.raises(RuleViolation) as refused:
        clean_options(registry.get("clients"), cast.department_head, {option: "nonsense"})
    assert isinstance(refused.value.sentence, Said)
    assert RU not in refused.value.sentence.each["en"]
