"""Shipments and receipts by manager and unit are the months of the rollups, of any days."""

import json
from datetime import date
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.db.models import Sum
from django.urls import reverse

from clients.models import Client, ClientAssignment
from reports.actions import rollup
from reports.models import ClientMonth
from tests.cast import signed_in
from tests.factories import clients, deals
from tests.standing import standing

D = Decimal
TODAY, HANDED = date(2026, 11, 28), date(2026, 10, 20)


@standing
def handed_over(cast):
    """A client that another department has had since the 20th; money came and went on both sides
    of the day."""
    moved = clients.client(cast.manager, code="T-MOVED", since=date(2026, 8, 1))
    clients.client(cast.manager2, code="T-OTHER", since=date(2026, 8, 1))
    ClientAssignment.objects.filter(client=moved).update(valid_to=HANDED)
    ClientAssignment.objects.create(client=moved, manager=cast.stranger, valid_from=HANDED)
    Client.objects.filter(pk=moved.pk).update(manager=cast.stranger, org_unit=cast.other_sector)
    moved.refresh_from_db()
    other = Client.objects.get(code="T-OTHER")
    deals.sale(moved, "100.00", on=date(2026, 10, 19))
    deals.returned(moved, "-30.00", on=HANDED)
    deals.sale(moved, "7.00", on=date(2026, 10, 31))
    deals.sale(other, "5.00", on=HANDED)
    deals.unassigned("3.00", on=date(2026, 10, 6))
    deals.payment(moved, "60.00", on=date(2026, 10, 19))
    deals.payment(moved, "50.00", on=HANDED, kind="refund", direction="out")
    deals.payment(moved, "8.00", on=date(2026, 10, 31))
    deals.payment(None, "2.00", on=date(2026, 10, 22))
    rollup.count_changes(today=TODAY)
    return cast


@pytest.fixture
def ask(capsys):
    def run(name, *parameters, who=None):
        person = ["--as", who.username] if who else []
        call_command("report", name, *parameters, *person, "--json")
        answer = json.loads(capsys.readouterr().out)
        at = {one["name"]: place for place, one in enumerate(answer["columns"])}
        return {row[at["name"]]: D(row[at["net"]]) for row in answer["rows"]}

    return run


def called(person):
    return person.short_name.replace("\u00a0", " ")


@pytest.mark.parametrize(("name", "figure"), [("shipments", "ship"), ("receipts", "cash")])
def test_a_month_by_manager_is_that_of_the_rollups(handed_over, ask, name, figure):
    month = ClientMonth.objects.of_month(HANDED).order_by()
    people = {one.pk: called(one) for one in (
        handed_over.manager, handed_over.manager2, handed_over.stranger)}  # fmt: skip
    expected = {
        people.get(pk, "Без менеджера"): total
        for pk, total in month.values_list("manager").annotate(Sum(figure))
        if total
    }
    assert ask(name, "period=2026-10", "by=manager") == expected
    moved = {"ship": (D(100), D(-23)), "cash": (D(60), D(-42))}[figure]
    assert (expected[people[handed_over.manager.pk]],
            expected[people[handed_over.stranger.pk]]) == moved  # fmt: skip
    # Whoever looks, and whatever days: each of the two has the documents of the own days.
    for person, own in zip((handed_over.manager, handed_over.stranger), moved, strict=True):
        assert ask(name, "period=2026-10", "by=manager", who=person) == {called(person): own}
        assert sum(ask(name, "period=2026-10", "by=client", who=person).values()) == own
        narrowed = (name, "period=2026-10", "by=month", f"manager={person.username}")
        assert ask(*narrowed) == {"10.2026": own}
    # A head may answer for clients too, and is no unknown choice.
    assert ask(name, "period=2026-10", f"manager={handed_over.sector_head.username}") == {}
    early = ask(name, "from=2026-10-01", "to=2026-10-19", "by=manager")
    assert early[people[handed_over.manager.pk]] == moved[0]
    assert people[handed_over.stranger.pk] not in early


def test_a_month_by_unit_is_that_of_the_rollups(handed_over, ask):
    month = ClientMonth.objects.of_month(HANDED).order_by()
    expected = {
        name or "Без подразделения": total
        for name, total in month.values_list("org_unit__name").annotate(Sum("ship"))
    }
    found = ask("shipments", "period=2026-10", "by=unit")
    assert sorted(found.values()) == sorted(expected.values())
    assert found[handed_over.sector.name] == D(105)
    assert found[handed_over.other_sector.name] == D(-23)


def test_a_part_of_the_documents_of_a_client_leads_to_that_part(handed_over):
    url = reverse("reports:report", args=["shipments"])
    asked = {"period": "2026-10", "by": "client"}
    for person, own in ((handed_over.manager, D(100)), (handed_over.stranger, D(-23))):
        http = signed_in(person)
        for more in ({}, {"manager": person.pk}, {"manager": person.pk, "client": "T-MOVED"}):
            if "client" in more and person == handed_over.manager:
                continue  # not a client of theirs any more: only a link names it
            (row,) = http.get(url, asked | more).context["page"].result.rows
            behind = http.get(row["url"]).context["page"].result
            assert (row["net"], behind.totals["sum"]) == (own, own), row["url"]
    (row,) = (row for row in signed_in(handed_over.director).get(url, asked)
              .context["page"].result.rows if row["code"] == "T-MOVED")  # fmt: skip
    assert reverse("deals:shipment_list") in row["url"]
