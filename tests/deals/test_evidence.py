"""What a decision rests on: which rows are shown, and to whom."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from crm.approvals import registry
from deals.actions.contracts import MARKETING
from deals.actions.limit_requests import WITHIN_NORM
from deals.actions.schemes import KIND as SCHEME
from deals.approval_handlers.limit_evidence import snapshot
from deals.approval_handlers.schemes import schemes_of_client
from deals.pages.credit import CreditPage
from tests.factories import clients, contracts, deals, schemes

TODAY, DAY = date(2026, 11, 23), timedelta(days=1)
DISCOUNT = "terms.discount"


@pytest.fixture
def client(cast):
    return clients.client(cast.manager, category="B")


def shown(kind, record, person):
    """The sections that the person sees, with what they show."""
    found = {part.key: part.load(record, person, TODAY) for part in registry.evidence(kind)}
    return {key: values for key, values in found.items() if values is not None}


def test_a_contract_shows_what_is_open_and_the_debt_to_those_who_see_money(cast, client):
    contract = contracts.draft(client, cast.manager, kind="marketing")
    assert set(shown(MARKETING, contract, cast.lawyer)) == {"debt"}
    assert shown(MARKETING, contract, cast.marketer) == {}
    contracts.disagreement(contract, cast.manager)
    owed = contracts.obligation(contract, cast.manager, cast.department)
    dropped = {"dropped_at": timezone.now(), "drop_reason": "Лишнее"}
    contracts.obligation(contract, cast.manager, cast.department, **dropped)
    found = shown(MARKETING, contract, cast.marketer)
    assert set(found) == {"disagreements", "obligations"}
    assert found["obligations"]["rows"] == [owed]


def test_a_limit_shows_what_this_client_had_before_and_figures_that_have_changed(cast, client):
    asked = deals.limit_request(client, cast.manager, "0.00", evidence={"debt": "0.00"})
    found = shown(WITHIN_NORM, asked, cast.accountant)
    assert set(found) == {"debt", "norm"}
    assert found["debt"]["debt"].then is found["debt"]["overdue"].then is None
    assert found["debt"]["asked_percent"] is found["norm"]["share"] is None
    refused = deals.limit_request(client, cast.manager, state="rejected")
    deals.limit_request(client, cast.manager, state="approved")
    deals.limit_request(clients.client(cast.manager), cast.manager, state="rejected")
    asked = type(asked).objects.get(pk=asked.pk)  # figures are read once for a record
    asked.evidence, asked.amount = {"debt": "70.00"}, 100
    deals.sale(client, "50.00", on=date(2026, 10, 5))
    found = shown(WITHIN_NORM, asked, cast.accountant)
    assert found["limits"] == {"limits": [], "requests": [refused]}
    assert (found["debt"]["debt"].now, found["debt"]["debt"].then) == (50, 70)
    assert found["debt"]["asked_percent"] == 50
    assert found["norm"]["share"] == 200
    assert "limits" not in shown(WITHIN_NORM, refused, cast.accountant)
    limit = deals.credit_limit(client, by=cast.director)
    refused = type(refused).objects.get(pk=refused.pk)
    assert shown(WITHIN_NORM, refused, cast.accountant)["limits"]["limits"] == [limit]
    kept = snapshot(CreditPage(clients.client(cast.manager), cast.manager, TODAY))
    assert kept["limit"] is kept["on_time_percent"] is None


def test_schemes_and_terms_show_what_this_client_has_and_had(cast, client):
    since = {"valid_from": TODAY - 90 * DAY, "valid_to": TODAY - DAY}
    foreign = clients.client(cast.manager)
    had = schemes.scheme(client, cast.manager, state="expired", **since)
    for other, state in ((foreign, "expired"), (client, "rejected")):
        schemes.scheme(other, cast.manager, state=state, **since)
    asked = schemes.scheme(client, cast.manager, today=TODAY)
    deals.sale(client, "5.00", on=date(2025, 10, 31))  # before the twelve months
    deals.sale(client, "7.00", on=date(2025, 11, 1))
    found = shown(SCHEME, asked, cast.director)["scheme"]
    assert (found["others"], found["turnover"]) == ([had], 7)
    assert shown(SCHEME, had, cast.director)["scheme"]["others"] == []
    assert schemes_of_client(had, cast.director, TODAY) is None
    stands = schemes.scheme(client, cast.manager, state="active", today=TODAY)
    schemes.scheme(foreign, cast.manager, state="active", today=TODAY)
    late = {"valid_from": TODAY - 9 * DAY, "valid_to": TODAY - DAY}
    schemes.scheme(client, cast.manager, state="approved", **late)  # the clock has not turned it
    assert schemes_of_client(had, cast.director, TODAY) == {"schemes": [stands]}
    assert schemes_of_client(had, cast.logistics, TODAY) is None
    rejected = deals.terms_request(client, cast.manager, state="rejected")
    deals.terms_request(client, cast.manager, state="draft")
    deals.terms_request(foreign, cast.manager, state="rejected")
    wanted = deals.terms_request(client, cast.manager, kind="deferral", state="submitted")
    assert shown(DISCOUNT, wanted, cast.director)["terms"]["others"] == [rejected]
