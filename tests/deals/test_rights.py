"""Exactly who may do what with contracts, papers, schedules, prices, proposals, terms, orders."""

from decimal import Decimal

import pytest
from django.utils import timezone

from deals import permissions as may
from deals.models import (
    ClientDocument,
    Contract,
    ContractObligation,
    ContractState,
    ContractTemplate,
    DeliverySchedule,
    Order,
    OrderState,
    Proposal,
    ProposalState,
    Shipment,
    TermsRequest,
    TermsState,
)
from tests.cast import PEOPLE, everybody
from tests.factories import clients, contracts

NOBODY = set()
LEADERS = {"manager", "sector_head", "department_head"}
SELLERS = {*LEADERS, "manager2", "stranger", "stranger_head"}
KEEPERS = {"lawyer", "director", "general_director"}
SEE_MONEY = {*SELLERS, *KEEPERS, "accountant"}


@pytest.fixture
def client(cast):
    return clients.client(cast.manager)


@pytest.fixture
def allowed(cast):
    """Names of those whom a predicate allows; whoever has left is allowed nothing."""

    def ask(predicate, *facts):
        people = everybody(cast)
        names = {name for name, person in people.items() if predicate(person, *facts)}
        for person in people.values():
            person.is_active = False
        gone = {name for name, person in people.items() if predicate(person, *facts)}
        for person in people.values():
            person.is_active = True
        assert not gone, predicate.__name__
        return names

    return ask


def states(row, predicate, allowed, *facts):
    """For each state of the row who is allowed; states in which nobody is are left out."""
    found = {}
    for state in type(row)._meta.get_field("state").choices:
        row.state = state[0]
        names = allowed(predicate, row, *facts)
        if names:
            found[state[0]] = names
    return found


def archived(row):
    row.archived_at = timezone.now()
    return row


def test_what_needs_no_record(allowed):
    assert allowed(may.can_see_contracts) == SEE_MONEY
    assert allowed(may.can_see_powers) == SEE_MONEY
    assert allowed(may.can_see_dossier) == SEE_MONEY
    assert allowed(may.can_see_prices) == SEE_MONEY
    assert allowed(may.can_see_proposals) == SEE_MONEY
    assert allowed(may.can_see_deliveries) == set(PEOPLE)
    assert allowed(may.can_write_contracts) == SELLERS
    assert allowed(may.can_write_proposals) == SELLERS
    assert allowed(may.can_enter_orders) == SELLERS
    assert allowed(may.can_propose_delivery) == {*SELLERS, "logistics"}
    assert allowed(may.can_manage_powers) == KEEPERS
    assert allowed(may.can_manage_templates) == KEEPERS
    assert allowed(may.can_edit_prices) == {"department_head", "stranger_head", "director"}
    assert allowed(may.can_approve_prices) == {"director"}
    assert allowed(may.can_ship_orders) == {"accountant"}
    assert allowed(may.releases_any_order) == {"director"}


def test_a_client_of_the_archive_gets_nothing_new(allowed, client):
    known = {
        may.can_draft_contract: SELLERS,
        may.can_keep_dossier: {*SELLERS, "lawyer", "accountant"},
        may.can_propose_to: LEADERS,
        may.can_ask_terms: {*SELLERS, "director"},
    }
    assert {ask: allowed(ask, client) for ask in known} == known
    archived(client)
    assert {ask: allowed(ask, client) for ask in known} == dict.fromkeys(known, NOBODY)


def test_a_contract_in_each_state(cast, allowed, client):
    row = Contract(client=client, author=cast.manager, negotiator=cast.manager)
    on = [state.value for state in ContractState]
    talks = on[: on.index("active")]
    still = [state for state in talks if state != "on_approval"]
    keep = {*LEADERS, *KEEPERS}
    for predicate, wanted in {
        may.can_edit_contract: dict.fromkeys(("draft", "returned"), LEADERS),
        may.can_submit_contract: dict.fromkeys(("draft", "returned"), LEADERS),
        may.can_cancel_contract: dict.fromkeys(still, LEADERS),
        may.can_reopen_contract: {"approved": LEADERS},
        may.can_note_client_signature: {"signed_by_us": {*LEADERS, "lawyer"}},
        may.can_end_contract: {"active": {"department_head"}},
        may.can_add_addendum: {"active": SELLERS},
        may.can_negotiate: {state: {*LEADERS, "lawyer"} for state in talks},
        may.can_add_obligation: dict.fromkeys([*talks, "active"], keep),
        may.can_keep_papers: {state: {*keep, "accountant"} for state in on},
    }.items():
        assert states(row, predicate, allowed) == wanted, predicate.__name__
    row.state, row.parent_id = "active", 1
    assert allowed(may.can_add_addendum, row) == NOBODY
    row.state, row.author = "draft", cast.lawyer
    assert allowed(may.can_edit_contract, row) == {*LEADERS, "lawyer"}
    assert allowed(may.can_submit_contract, row) == LEADERS


def test_signing_takes_the_office_and_a_power_of_attorney(cast, allowed, client):
    today, row = timezone.localdate(), contracts.draft(client, cast.manager)
    directors = {"director", "general_director"}
    assert states(row, may.can_sign_contract, allowed, today) == {"approved": directors}
    for person in (cast.manager, cast.sector_head, cast.accountant, cast.lawyer):
        contracts.power(person)
    row.state = "approved"
    for amount, names in (
        ("300000.00", {"manager", "sector_head"}),
        ("1000000.00", {"sector_head"}),
        ("1000000.01", NOBODY),
        (None, NOBODY),
    ):
        row.amount = Decimal(amount) if amount else None
        found = allowed(may.can_sign_contract, row, today)
        assert found - directors == names, amount


def test_parts_templates_and_papers(cast, allowed, client):
    contract = contracts.active(client, cast.manager)
    today = timezone.localdate()
    owed = ContractObligation(contract=contract, org_unit=cast.other_department)
    everyone = {*LEADERS, *KEEPERS, "stranger_head"}
    assert allowed(may.can_fulfil, owed) == everyone
    owed.org_unit = cast.other_sector
    assert allowed(may.can_fulfil, owed) == everyone | {"stranger"}
    owed.org_unit = cast.department
    assert allowed(may.can_fulfil, owed) == {*LEADERS, *KEEPERS}
    for facts in ({"done_on": today}, {"dropped_at": timezone.now()}):
        gone = ContractObligation(contract=contract, org_unit=cast.department, **facts)
        assert allowed(may.can_fulfil, gone) == NOBODY
    text = ContractTemplate(name="Типовой")
    assert allowed(may.can_change_template, text) == KEEPERS
    assert allowed(may.can_change_template, archived(text)) == NOBODY
    paper = ClientDocument(client=client, created_by=cast.lawyer)
    checkers = {"accountant", "sector_head", "department_head"}
    assert allowed(may.can_check_document, paper) == checkers
    assert allowed(may.can_add_paper, paper) == {*SELLERS, "lawyer", "accountant"}
    paper.checked_on = today
    assert allowed(may.can_check_document, paper) == NOBODY
    paper.checked_on = None
    archived(paper)
    assert allowed(may.can_check_document, paper) == NOBODY
    assert allowed(may.can_add_paper, paper) == NOBODY
    sale = Shipment(client=client, kind="sale")
    noters = {*SELLERS, "accountant"}
    assert states(sale, may.can_note_documents, allowed) == {"posted": noters}
    for facts in ({"kind": "return", "client": client}, {"kind": "sale"}):
        assert allowed(may.can_note_documents, Shipment(state="posted", **facts)) == NOBODY


def test_a_schedule_of_delivery(cast, allowed, client):
    row = DeliverySchedule(client=client)
    for side, names in (
        ("seller", SELLERS),
        ("client", SELLERS),
        ("department", {"logistics"}),
        ("nobody", NOBODY),
    ):
        wanted = {"proposed": names} if names else {}
        assert states(row, may.can_confirm, allowed, side) == wanted
    assert states(row, may.can_refuse, allowed) == {"proposed": {*SELLERS, "logistics"}}
    row.state, row.seller, row.department = "proposed", cast.logistics, cast.manager
    assert allowed(may.can_confirm, row, "department") == NOBODY
    assert allowed(may.can_confirm, row, "client") == SELLERS - {"manager"}
    row.client_at = timezone.now()
    assert allowed(may.can_confirm, row, "client") == NOBODY


def test_a_proposal_in_each_state(allowed, client):
    row = Proposal(client=client)
    keep = dict.fromkeys(ProposalState.values, LEADERS)
    for predicate, wanted in {
        may.can_edit_proposal: {"draft": LEADERS},
        may.can_reopen_proposal: {"approved": LEADERS},
        may.can_send_proposal: dict.fromkeys(("draft", "approved"), LEADERS),
        may.can_answer_proposal: {"sent": LEADERS},
        may.can_renew_proposal: dict.fromkeys(("sent", "declined", "expired"), LEADERS),
        may.can_order_proposal: {"accepted": LEADERS},
        may.can_keep_offers: keep,
    }.items():
        assert states(row, predicate, allowed) == wanted, predicate.__name__
    row.is_imported = True
    assert states(row, may.can_renew_proposal, allowed) == {}
    assert states(row, may.can_order_proposal, allowed) == {}
    archived(client)
    assert states(row, may.can_keep_offers, allowed) == {}


def test_terms_and_orders_in_each_state(cast, allowed, client):
    asked = TermsRequest(client=client, author=cast.manager)
    own = {"manager"}
    correctable = dict.fromkeys(("draft", "returned"), own)
    assert states(asked, may.can_correct_terms, allowed) == correctable
    assert states(asked, may.can_withdraw_terms, allowed) == correctable | {"submitted": own}
    assert set(TermsState.values) > set(correctable)
    order = Order(client=client, submitted_by=cast.department_head)
    deciders = {"department_head", "director"}
    early = ("draft", "submitted", "on_hold", "confirmed")
    cancelled = {s: LEADERS | deciders if s in early else deciders for s in OrderState.values}
    assert states(order, may.can_cancel_order, allowed) == cancelled
    assert allowed(may.can_edit_order, order) == LEADERS
    assert allowed(may.can_release_order, order) == {"director"}
    assert allowed(may.can_handle_order, order) == {*LEADERS, "director", "accountant"}
    order.submitted_by = cast.manager
    assert allowed(may.can_release_order, order) == deciders
