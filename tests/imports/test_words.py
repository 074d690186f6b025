"""Names of columns are guessed, each means one thing, and words stand in their own place."""

import ast
import re
from pathlib import Path

import pytest

from crm.errors import RuleViolation
from crm.imports import mapping, registry, synonyms
from crm.imports.reading import header_key

ROOT = Path(__file__).resolve().parents[2]
CYRILLIC = re.compile("[а-яёА-ЯЁ]")


@pytest.mark.parametrize("columns", [synonyms.PEOPLE, synonyms.CLIENTS, synonyms.CONTACTS])
def test_a_name_of_a_column_means_one_field(columns):
    names = [name for found in columns.values() for name in found]
    assert len(names) == len(set(names))
    assert [name for name in names if header_key(name) != name] == []


@pytest.mark.parametrize("kind", ["people", "clients", "contacts"])
def test_synonyms_are_of_declared_fields(kind):
    declared = registry.get(kind)
    assert set(declared.synonyms) <= {field.name for field in declared.fields}


@pytest.mark.parametrize(
    ("kind", "header", "fields"),
    [
        (
            "clients",
            [
                "Наименование в программе",
                "ИНН",
                "КПП",
                "Расчетный счет",
                "БИК",
                "Основной менеджер",
            ],
            ["name", "inn", "kpp", "account", "bic", "manager"],
        ),
        (
            "clients",
            ["Контрагент", "Полное наименование", "Тел.", "E-mail", "Юридический адрес", "Группа"],
            ["name", "full_name", "phone", "email", "legal_address", "tags"],
        ),
        (
            "clients",
            ["account", "sector", "office_location", "subsidiary_of"],
            ["name", "tags", "territory", "parent"],
        ),
        (
            "contacts",
            ["Call Id", "Agent", "Answered (Y/N)", "Speed of answer in seconds", "AvgTalkDuration"],
            ["external_id", "manager", "answered", "wait", "duration"],
        ),
        ("contacts", ["Дата и время", "Клиент", "Тема"], ["moment", "client", "topic"]),
        ("people", ["sales_agent", "manager", "regional_office"], ["full_name", "chief", "office"]),
        ("people", ["ФИО", "Должность", "Подразделение"], ["full_name", "position", "unit"]),
    ],
)
def test_columns_are_guessed_from_russian_english_and_1c_names(kind, header, fields):
    assert mapping.guess(registry.get(kind), header) == dict(
        zip(fields, range(len(header)), strict=True)
    )


def test_the_first_of_two_columns_of_one_meaning_counts():
    assert mapping.guess(registry.get("clients"), ["Клиент", "Контрагент"]) == {"name": 0}


def test_the_command_line_corrects_the_guess():
    kind = registry.get("clients")
    header = ["Клиент", "Код клиента", "ИНН"]
    found = mapping.named(kind, header, {"external_id": "код клиента", "inn": ""})
    assert found == {"name": 0, "external_id": 1}


@pytest.mark.parametrize("pairs", [{"unknown": "ИНН"}, {"inn": "Нет такой"}])
def test_a_wrong_pair_is_refused_with_its_name(pairs):
    with pytest.raises(RuleViolation):
        mapping.named(registry.get("clients"), ["Клиент", "ИНН"], pairs)


def literals(path):
    """Strings of the code, without docstrings."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    kept = {node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in kept
    ]


@pytest.mark.parametrize("folder", ["crm/imports", "clients/importers"])
def test_russian_words_stand_in_their_own_place(folder):
    files = [path for path in (ROOT / folder).rglob("*.py") if "synonyms" not in path.parts]
    assert files
    assert [text for path in files for text in literals(path) if CYRILLIC.search(text)] == []
