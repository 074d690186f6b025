"""Contracts on unhappy paths: what changes under a running decision, days that do not fit."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from crm.approvals.actions import decide
from crm.approvals.models import Approval
from crm.errors import RuleViolation
from deals.actions import contract_parts as parts
from deals.actions import contract_signatures as signatures
from deals.actions import contracts as actions
from deals.models import Contract
from tests.cast import signed_in
from tests.deals.test_contract_pages import FORM, create_url
from tests.deals.test_contracts import TODAY, drafted, sent, signed, signed_by_client, visas
from tests.factories import clients, contracts

DAY = timedelta(days=1)
OLD = {"starts_on": date(2025, 11, 1), "ends_on": date(2026, 10, 31)}


@pytest.fixture
def client(cast):
    return clients.client(cast.manager, category="A")


def asked_to_end(contract, by):
    return signatures.ask_to_end(
        contract.pk, by=by, version=contract.version, on=TODAY, reason="Долг", today=TODAY
    )


def refused(action, *args, match=None, field=None, **more):
    with pytest.raises(RuleViolation, match=match) as refusal:
        action(*args, **more)
    assert refusal.value.field == field


def test_talks_are_not_handed_up_while_the_contract_is_decided(cast, client):
    contract = contracts.draft(client, cast.manager)
    approval = sent(contract, cast.manager)
    contract.refresh_from_db()
    with pytest.raises(PermissionDenied):
        parts.hand_up(contract.pk, by=cast.manager, version=contract.version, reason="Цена")
    assert visas(approval, cast.department_head).state == "approved"


def test_what_a_rule_changes_under_a_running_decision_can_still_be_decided(cast, client):
    prolonged = contracts.active(client, cast.manager, auto_renew=True, **OLD)
    over = contracts.active(client, cast.manager, **OLD)
    first, second = (asked_to_end(one, cast.department_head) for one in (prolonged, over))
    assert signatures.expire_contracts(TODAY) == 2
    assert visas(first, cast.lawyer, cast.director).state == "terminated"
    refused(visas, second, cast.lawyer, cast.director)
    waiting = Approval.objects.get(pk=second.pk)
    expired = Contract.objects.get(pk=over.pk)
    decide(
        waiting.pk, by=cast.director, decision="return", comment="Истёк", version=waiting.version,
        target_version=expired.version, today=TODAY,
    )  # fmt: skip
    expired.refresh_from_db()
    assert (expired.state, expired.ended_on) == ("expired", OLD["ends_on"])


def test_who_sent_it_takes_it_back_and_nobody_else(cast, client):
    contract = contracts.draft(client, cast.manager)
    sent(contract, cast.sector_head)
    with pytest.raises(PermissionDenied):
        actions.withdraw_contract(contract.pk, by=cast.manager, today=TODAY)
    actions.withdraw_contract(contract.pk, by=cast.sector_head, today=TODAY)
    contract.refresh_from_db()
    assert contract.state == "draft"
    refused(actions.withdraw_contract, contract.pk, by=cast.manager, today=TODAY)


def test_a_signature_lies_within_the_term_and_the_power_of_attorney(cast, client):
    contracts.power(cast.manager, issued_on=TODAY - 5 * DAY)
    contract = contracts.draft(client, cast.manager, state="approved", ends_on=TODAY - DAY)
    sign = {"by": cast.manager, "version": 1, "today": TODAY}
    for on in (TODAY, TODAY + DAY, TODAY - 6 * DAY):
        refused(signatures.sign_contract, contract.pk, on=on, field="on", **sign)
    assert signatures.sign_contract(contract.pk, on=TODAY - 5 * DAY, **sign).authority is not None
    contract.refresh_from_db()
    for wrong, field in (
        ({"on": TODAY}, "on"),
        ({"on": TODAY + DAY}, "on"),
        ({"on": TODAY - DAY, "signatory": " "}, "signatory"),
        ({"on": TODAY - DAY, "authority": " "}, "authority"),
    ):
        refused(signed_by_client, contract, cast.manager, field=field, **wrong)
    done = signed_by_client(contract, cast.manager, on=TODAY - DAY)
    assert (done.state, done.signed_on) == ("active", TODAY - DAY)


def test_a_director_signs_by_office_whatever_the_power_of_attorney(cast, client):
    contract = contracts.draft(client, cast.manager, state="approved")
    assert signed(contract, cast.director).authority is None


def test_an_addendum_fits_its_contract(cast, client):
    parent = contracts.active(client, cast.manager)
    before = parent.signed_on - DAY
    shorter = {"starts_on": before - DAY, "ends_on": before}
    refused(drafted, client, cast.manager, parent_id=parent.pk, field="ends_on", **shorter)
    addendum = drafted(client, cast.manager, parent_id=parent.pk)
    Contract.objects.filter(pk=addendum.pk).update(
        state="signed_by_us", signed_by=cast.director, signed_by_us_on=TODAY
    )
    Contract.objects.filter(pk=parent.pk).update(state="terminated", end_reason="Долг")
    addendum.refresh_from_db()
    refused(signed_by_client, addendum, cast.manager)
    foreign = contracts.active(clients.client(cast.manager), cast.manager)
    with pytest.raises(Contract.DoesNotExist):
        drafted(client, cast.manager, parent_id=foreign.pk)


def test_a_number_that_would_be_too_long_is_typed(cast, client):
    parent = contracts.active(client, cast.manager, number="Д" * 100)
    refused(drafted, client, cast.manager, parent_id=parent.pk, field="number")
    assert drafted(client, cast.manager, parent_id=parent.pk, number="Д/1").number == "Д/1"


def test_two_forms_without_a_key_are_two_contracts(cast, client):
    browser, form = signed_in(cast.manager), {k: v for k, v in FORM.items() if k != "key"}
    went = {browser.post(create_url(client), form).headers["Location"] for _click in range(2)}
    assert len(went) == Contract.objects.filter(client=client).count() == 2


def test_a_penalty_that_the_table_cannot_hold_is_refused_at_its_field(cast, client):
    answer = signed_in(cast.manager).post(create_url(client), FORM | {"penalty_pct_day": "100"})
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["penalty_pct_day"]
    assert reverse("deals:contract_list") not in answer.headers.get("Location", "")
