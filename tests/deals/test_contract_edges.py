"""Contracts on unhappy paths: what changes under a running decision, days that do not fit."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from crm.accounts.models import Delegation, OrgUnit
from crm.approvals.actions import decide
from crm.approvals.models import Approval
from crm.errors import RuleViolation
from crm.notices.models import Notice
from deals import permissions
from deals.actions import contract_parts as parts
from deals.actions import contract_signatures as signatures
from deals.actions import contracts as actions
from deals.actions.contract_papers import keep_draft
from deals.models import Contract
from tests.cast import fresh, signed_in
from tests.deals.test_contract_pages import FORM, create_url
from tests.deals.test_contracts import TERMS, TODAY, drafted, sent, signed, signed_by_client, visas
from tests.factories import accounts, clients, contracts

DAY, NOW = timedelta(days=1), timezone.now()
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
    third = sent(contracts.draft(client, cast.manager), cast.manager)
    type(client).objects.filter(pk=client.pk).update(status="archived", archived_at=NOW)
    refused(visas, third, cast.department_head, match="в архиве")


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
    endless = contracts.draft(client, cast.manager, state="approved")
    refused(signatures.sign_contract, endless.pk, on=TODAY + DAY, field="on", **sign)
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
    fits = contracts.active(client, cast.manager, number="Д" * 98)
    assert len(drafted(client, cast.manager, parent_id=fits.pk).number) == 100


def test_two_forms_without_a_key_are_two_contracts(cast, client):
    browser, form = signed_in(cast.manager), {k: v for k, v in FORM.items() if k != "key"}
    went = {browser.post(create_url(client), form).headers["Location"] for _click in range(2)}
    assert len(went) == Contract.objects.filter(client=client).count() == 2


def test_a_penalty_that_the_table_cannot_hold_is_refused_at_its_field(cast, client):
    answer = signed_in(cast.manager).post(create_url(client), FORM | {"penalty_pct_day": "100"})
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["penalty_pct_day"]


def test_what_a_draft_may_say_of_its_days(cast, client):
    only = {"starts_on": None, "ends_on": None, "auto_renew": True}
    for days in (only, only | {"starts_on": TODAY}, only | {"ends_on": TODAY}):
        refused(drafted, client, cast.manager, field="ends_on", **days)
    own = clients.counterparty(client)
    assert drafted(client, cast.manager, auto_renew=True).auto_renew
    made = drafted(client, cast.manager, starts_on=TODAY, ends_on=TODAY, counterparty=own)
    edit = {"by": cast.manager, "version": 1, **TERMS, "starts_on": None}
    made = actions.edit_contract(made.pk, **edit)
    assert made.number.startswith("Д-2026-")
    refused(sent, made, cast.manager, match="с какого дня")
    assert actions.edit_contract(made.pk, **edit | {"version": 2, "number": "7"}).number == "7"


def test_a_move_says_why_and_from_which_day(cast, client):
    draft, active = contracts.draft(client, cast.manager), contracts.active(client, cast.manager)
    blank = {"version": 1, "reason": " "}
    refused(
        actions.cancel_contract, draft.pk, by=cast.manager, today=TODAY, field="reason", **blank
    )
    end = {"by": cast.department_head, "today": TODAY}
    refused(signatures.ask_to_end, active.pk, on=TODAY, field="reason", **blank, **end)
    gone = {"on": TODAY - DAY, "version": 1, "reason": "Долг"}
    refused(signatures.ask_to_end, active.pk, field="on", **gone, **end)
    given_up = {"version": 1, "reason": " Передумали ", "today": TODAY}
    actions.cancel_contract(draft.pk, by=cast.manager, **given_up)
    draft.refresh_from_db()
    assert (draft.state, draft.end_reason, draft.ended_on) == ("cancelled", "Передумали", TODAY)
    refused(signed, draft, cast.director, match="согласованный")


def test_an_addendum_brings_its_deferral_and_is_read_by_who_decides(cast, client):
    parent = contracts.active(client, cast.manager)
    end = asked_to_end(parent, cast.department_head)
    addendum = drafted(
        client, cast.manager, parent_id=parent.pk, deferral_days=45, deferral_day_type="working"
    )
    Contract.objects.filter(pk=addendum.pk).update(
        state="signed_by_us", signed_by=cast.director, signed_by_us_on=TODAY
    )
    addendum.refresh_from_db()
    signed_by_client(addendum, cast.manager)
    parent.refresh_from_db()
    assert (parent.deferral_days, parent.deferral_day_type) == (45, "working")
    assert parent.version == 2
    assert visas(end, cast.lawyer, cast.director).state == "terminated"


def test_a_term_is_prolonged_to_today_and_no_further(cast, client):
    ten = {"starts_on": TODAY - 19 * DAY, "ends_on": TODAY - 10 * DAY}
    row = contracts.active(client, cast.manager, auto_renew=True, signed_on=ten["starts_on"], **ten)
    endless = contracts.active(
        client, cast.manager, auto_renew=True, starts_on=None, ends_on=TODAY - DAY
    )
    assert signatures.expire_contracts(TODAY) == 2
    row.refresh_from_db()
    endless.refresh_from_db()
    assert (row.ends_on, row.version, endless.state) == (TODAY, 2, "expired")


def test_the_head_of_a_department_learns_what_it_owes_and_not_of_the_own_word(cast, client):
    contract = contracts.active(client, cast.manager)
    owed = {"kind": "training", "text": "Обучить", "due_on": TODAY}
    told = Notice.objects.filter(kind="contract.obligation", channel="ui").values_list("user")
    no_head = OrgUnit.objects.get(pk=cast.other_sector.pk)
    for by, unit, people in (
        (cast.department_head, cast.department, []),
        (cast.manager, no_head, []),
        (cast.manager, cast.sector, [(cast.sector_head.pk,)]),
    ):
        row = parts.add_obligation(contract.pk, by=by, org_unit=unit, **owed)
        assert list(told.all()) == people
    parts.drop_obligation(row.pk, by=cast.manager, version=1, reason=" Лишнее ", now=NOW)
    row.refresh_from_db()
    assert (row.drop_reason, row.version) == ("Лишнее", 2)
    with pytest.raises(PermissionDenied):
        parts.drop_obligation(row.pk, by=cast.manager, version=2, reason="Снова", now=NOW)
    parts.add_obligation(contract.pk, by=cast.manager, org_unit=cast.sector, **owed)
    done = contracts.obligation(
        contract, cast.manager, cast.sector, done_on=TODAY, done_by=cast.manager, evidence="Акт"
    )
    with pytest.raises(PermissionDenied):
        parts.drop_obligation(done.pk, by=cast.manager, version=1, reason="Нет", now=NOW)


def test_what_is_settled_is_settled_once_and_may_come_up_again(cast, client):
    contract = contracts.draft(client, cast.manager)
    words = {"clause": "5.1", "ours": "30 дней", "theirs": "60 дней"}
    row = parts.add_disagreement(contract.pk, by=cast.manager, **words)
    refused(parts.add_disagreement, contract.pk, by=cast.manager, **words)
    settle = {"by": cast.lawyer, "proposed": "45", "agreed": ""}
    row = parts.settle_disagreement(row.pk, version=1, state="dropped", **settle)
    assert row.version == 2
    with pytest.raises(PermissionDenied):
        parts.settle_disagreement(row.pk, version=2, state="open", **settle)
    parts.add_disagreement(contract.pk, by=cast.manager, **words)


def test_a_contract_of_another_department_is_not_there(cast, client):
    contract = contracts.draft(client, cast.manager)
    with pytest.raises(Contract.DoesNotExist):
        keep_draft(contract.pk, by=cast.stranger)
    with pytest.raises(Contract.DoesNotExist):
        actions.withdraw_contract(contract.pk, by=cast.stranger, today=TODAY)


def test_the_next_manager_and_the_substitute_go_on_with_a_draft(cast, client):
    contract = contracts.draft(client, cast.manager)
    assert not permissions.can_edit_contract(cast.manager2, contract)
    accounts.delegation(cast.manager, cast.manager2, first="2020-01-01", last="2099-01-01")
    assert permissions.can_edit_contract(fresh(cast.manager2), contract)
    Delegation.objects.all().delete()
    accounts.delegation(cast.manager, cast.lawyer, first="2020-01-01", last="2099-01-01")
    assert not permissions.can_order_for(fresh(cast.lawyer), client)
    Delegation.objects.all().delete()
    accounts.delegation(cast.sector_head, cast.manager2, first="2020-01-01", last="2099-01-01")
    assert not permissions.can_edit_contract(fresh(cast.manager2), contract)  # a head's own right
    paper = contracts.document(client, cast.lawyer)
    assert not permissions.can_check_document(fresh(cast.manager2), paper)
    Delegation.objects.all().delete()
    type(client).objects.filter(pk=client.pk).update(manager=cast.manager2)
    contract = Contract.objects.get(pk=contract.pk)
    assert permissions.can_edit_contract(fresh(cast.manager2), contract)
