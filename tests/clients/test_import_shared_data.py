"""The customer's files: the figures that facts.json promises, once, and all or nothing."""

import json

import pytest
from django.core.management import call_command
from django.db.models import Count, Q, Sum

from clients.models import Client, ContactLog, Counterparty
from crm.accounts.models import OrgUnit, Role, User
from tests.kernel.shared_files import shared_file

TEAMS = "data/crm_sales_opportunities/sales_teams.csv"
ACCOUNTS = "data/crm_sales_opportunities/accounts.csv"
CALLS = "data/contacts_log/call_center_2021-01_2021-02_15.csv"
BRANCHES = "data/requisites/sberbank_branches_same_inn_different_kpp.csv"
ENTITIES = "data/requisites/legal_entities_from_these_files.csv"


@pytest.fixture
def load(db, capsys):
    """Run a command on a shared file and give its JSON object."""

    def run(command, name, *arguments):
        call_command(command, str(shared_file(name)), "--json", *arguments)
        return json.loads(capsys.readouterr().out)

    return run


def facts(key):
    return json.loads(shared_file("data/facts.json").read_text(encoding="utf-8"))[key]


def four(answer):
    return tuple(answer[name] for name in ("created", "updated", "unchanged", "refused"))


def test_agents_managers_and_offices_are_the_tree(load):
    expected = facts("crm_sales_opportunities")
    answer = load("import_people", TEAMS)
    assert answer["rows"] == expected["agents"]
    assert four(answer) == (35, 0, 0, 0)
    assert User.objects.filter(role=Role.MANAGER).count() == 35
    assert User.objects.filter(role=Role.SECTOR_HEAD).count() == 6
    assert set(OrgUnit.objects.filter(kind="department").values_list("name", flat=True)) == {
        "Central",
        "East",
        "West",
    }
    sectors = OrgUnit.objects.filter(kind="sector").select_related("head")
    assert {unit.head.last_name for unit in sectors} == {
        name.split()[1] for name, _amount in expected["won_by_manager"]
    }
    assert four(load("import_people", TEAMS)) == (0, 0, 35, 0)
    assert User.objects.count() == 41


def test_accounts_are_clients_with_their_parents(load):
    expected = facts("crm_sales_opportunities")
    dry = load("import_clients", ACCOUNTS, "--dry-run")
    assert four(dry) == (85, 0, 0, 0)
    assert not Client.objects.exists()
    assert four(load("import_clients", ACCOUNTS)) == (expected["accounts"], 0, 0, 0)
    assert Client.objects.exclude(parent=None).count() == expected["subsidiaries"]
    for sector, count in expected["sectors"].items():
        assert Client.objects.filter(tags__contains=[sector]).count() == count
    acme = Client.objects.get(name="Acme Corporation")
    assert acme.specifics == "Год основания: 1996\nВыручка: 1\u00a0100,04\nСотрудников: 2822"
    assert (acme.territory, acme.external_id) == ("United States", "Acme Corporation")
    assert four(load("import_clients", ACCOUNTS)) == (0, 0, 85, 0)
    assert Client.objects.count() == 85


def test_calls_are_contacts_with_every_figure(load):
    expected = facts("contacts_log")["shared/contacts_log/call_center_2021-01_2021-02_15.csv"]
    strangers = load("import_contacts", CALLS)
    assert four(strangers) == (0, 0, 0, expected["calls"])
    assert not ContactLog.objects.exists()
    answer = load("import_contacts", CALLS, "--create-people")
    assert four(answer) == (expected["calls"], 0, 0, 0)
    assert (answer["people_created"], answer["topics_created"]) == (8, 5)
    rows = ContactLog.objects.all()
    assert rows.credited().count() == expected["answered"]
    assert rows.filter(resolved=True).count() == expected["resolved"]
    assert rows.aggregate(total=Sum("duration_seconds"))["total"] == expected["talk_seconds"]
    assert rows.filter(client=None).count() == expected["calls"]
    answered = Count("pk", filter=Q(result__reached=True))
    resolved = Count("pk", filter=Q(resolved=True))
    by_agent = rows.values("manager__last_name").annotate(n=Count("pk"), a=answered, r=resolved)
    assert {
        row["manager__last_name"]: {"calls": row["n"], "answered": row["a"], "resolved": row["r"]}
        for row in by_agent
    } == expected["by_agent"]
    by_topic = rows.values_list("topic__name_en").annotate(n=Count("pk"))
    assert dict(by_topic) == expected["by_topic"]
    for month, count in expected["by_month"].items():
        year, number = map(int, month.split("-"))
        assert rows.filter(done_at__year=year, done_at__month=number).count() == count
    assert four(load("import_contacts", CALLS, "--create-people")) == (0, 0, expected["calls"], 0)
    assert rows.count() == expected["calls"]


def test_branches_of_one_inn_are_told_apart_by_kpp(load):
    expected = facts("requisites")["sberbank_branches"]
    answer = load("import_clients", BRANCHES)
    assert answer["rows"] == expected["rows"]
    assert four(answer) == (
        expected["distinct_inn_kpp"],
        0,
        0,
        expected["rows_sharing_inn_kpp"],
    )
    assert Counterparty.objects.values("inn").distinct().count() == expected["distinct_inn"]
    again = load("import_clients", BRANCHES)
    assert four(again) == (0, 0, expected["distinct_inn_kpp"], expected["rows_sharing_inn_kpp"])


def test_a_wrong_inn_among_right_ones_is_the_only_refusal(load):
    assert four(load("import_clients", ENTITIES)) == (16, 0, 0, 1)


def test_people_of_the_files_see_what_is_theirs(load):
    """Agents of the files, as managers: their own calls, nobody else's."""
    load("import_people", TEAMS)
    load("import_contacts", CALLS, "--create-people", "--unit", "Central")
    becky = User.objects.get(username="becky")
    assert ContactLog.objects.visible_to(becky).count() == 334
    chief = User.objects.get(last_name="Brinkmann")
    assert not ContactLog.objects.visible_to(chief).exists()
