"""What the tables of contracts, papers, proposals, prices and terms refuse past the actions."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from deals.models import (
    ClientDocument,
    Contract,
    ContractObligation,
    ContractTemplate,
    DeliverySchedule,
    Disagreement,
    PolicyException,
    PowerOfAttorney,
    PriceList,
    PriceListLine,
    Proposal,
    ProposalLine,
    ShipmentDocument,
    TermsRequest,
)
from tests.factories import clients, contracts, deals, proposals

DAY = date(2026, 11, 2)
BEFORE, AFTER = DAY - timedelta(days=1), DAY + timedelta(days=1)
NOW = timezone.now()

# Of each model: what is written past the actions, by the constraint that refuses it.
# «!» before a value means: a second row, equal to the first but for these values.
REFUSED = {
    Contract: {
        "contract_number_once": ["!", {"external_id": "", "proposal": None}],
        "contract_one_per_proposal": ["!", {"number": "Другой", "external_id": ""}],
        "contract_external_id_once": [
            "!",
            {"number": "Другой", "external_id": "1с|1", "proposal": None},
        ],
        "contract_ends_after_its_start": [
            {"starts_on": None, "signed_on": DAY, "ends_on": BEFORE},
        ],
        "contract_period_not_backwards": [{"starts_on": DAY, "ends_on": BEFORE}],
        "contract_amount_positive": [{"amount": 0}, {"amount": -1}],
        "contract_in_force_has_both_signatures": [
            {"state": "active"},
            {"state": "expired", "signed_by_us_on": DAY, "signed_by": "who"},
            {"state": "active", "signed_by_client_on": DAY},
        ],
        "contract_our_signature_has_its_person": [
            {"signed_by_us_on": DAY},
            {"signed_by": "who"},
        ],
        "contract_signed_by_us_has_its_day": [{"state": "signed_by_us"}],
        "contract_end_has_a_reason": [{"state": "cancelled"}],
        "contract_is_no_addendum_to_itself": [{"parent": "self"}],
    },
    PowerOfAttorney: {
        "power_number_once": ["!", {}],
        "power_ends_after_its_start": [{"issued_on": DAY, "valid_to": DAY}],
        "power_limit_positive": [{"limit": 0}],
        "power_revoked_says_why": [{"revoked_at": NOW}],
    },
    ContractTemplate: {"template_named_once": ["!", {}]},
    Disagreement: {"disagreement_agreed_says_what": [{"state": "agreed"}]},
    ContractObligation: {
        "obligation_done_is_shown": [
            {"done_on": DAY},
            {"done_on": DAY, "done_by": "who"},
            {"evidence": "Акт 7"},
        ],
        "obligation_dropped_says_why": [
            {"dropped_at": NOW},
            {
                "dropped_at": NOW,
                "drop_reason": "Нет",
                "done_on": DAY,
                "done_by": "who",
                "evidence": "Акт 7",
            },
        ],
    },
    ClientDocument: {
        "client_document_period_not_backwards": [{"issued_on": DAY, "valid_to": BEFORE}],
        "client_document_checked_has_person": [{"checked_on": DAY}, {"checked_by": "who"}],
    },
    DeliverySchedule: {
        "delivery_one_in_force": ["!", {"state": "effective"}],
        "delivery_one_proposed": ["!", {"state": "proposed"}],
        "delivery_hours_in_order": [{"time_to": "09:00"}],
        "delivery_has_days": [{"weekdays": []}],
        "delivery_in_force_has_three_confirmations": [
            {"department": None, "state": "effective"},
            {"client_person": "", "state": "effective"},
            {"seller": None, "state": "superseded"},
            {"client_at": None, "state": "effective"},
        ],
        "delivery_sides_are_two_people": [{"department": "who"}],
        "delivery_refused_says_why": [{"state": "refused"}],
    },
    ShipmentDocument: {
        "shipment_document_once": ["!", {}],
        "shipment_document_handed_after_made": [{"handed_on": BEFORE}],
        "shipment_document_returned_after_handed": [
            {"returned_on": DAY},
            {"handed_on": AFTER, "returned_on": DAY},
        ],
    },
    PolicyException: {
        "exception_once_per_record": ["!", {}],
        "exception_period_in_order": [{"ends_on": BEFORE}],
        "exception_has_reason": [{"reason": ""}],
    },
    TermsRequest: {
        "terms_request_one_open_per_client": ["!", {"state": "submitted"}],
        "terms_request_value_of_kind": [
            {"value": 0},
            {"value": "100.01"},
            {"kind": "deferral", "value": 366},
            {"kind": "deferral", "value": 0},
        ],
        "terms_request_period_in_order": [{"valid_from": AFTER, "valid_to": DAY}],
        "terms_request_has_reason": [{"reason": ""}],
        "terms_request_approved_has_approver": [
            {"state": "approved"},
            {"approved_by": "who", "approved_at": NOW},
        ],
    },
    PriceList: {
        "price_list_period_in_order": [{"valid_to": date(2026, 1, 1)}],
        "price_list_approved_has_approver": [
            {"state": "approved"},
            {"approved_by": "who", "approved_at": NOW},
        ],
        "price_list_one_a_day": [
            "!",
            {
                "state": "approved",
                "approved_by": "who",
                "approved_at": NOW,
                "valid_from": date(2020, 1, 1),
            },
        ],
    },
    PriceListLine: {
        "price_list_product_once": ["!", {}],
        "price_more_than_nothing": [{"price": 0, "min_price": 0}],
        "lowest_price_below_price": [{"min_price": "100.01"}, {"min_price": -1}],
    },
    Proposal: {
        "proposal_number_once": ["!", {}],
        "proposal_external_id_once": [
            "!",
            {"number": "Другое", "external_id": "1с|1"},
        ],
        "proposal_version_once": [
            "!",
            {
                "number": "Другое",
                "external_id": "",
                "root": "version",
                "number_of_version": 2,
                "state": "sent",
                "sent_on": DAY,
            },
        ],
        "proposal_one_version_being_written": [
            "!",
            {
                "number": "Другое",
                "external_id": "",
                "root": "version",
                "number_of_version": 3,
            },  # the first version is with us: one without a root counts as well
        ],
        "proposal_version_has_its_first": [{"number_of_version": 2}],
        "proposal_holds_to_a_day": [{"valid_to": None}, {"valid_to": date(2000, 1, 1)}],
        "proposal_sent_has_its_day": [{"state": "sent"}],
        "proposal_answer_has_its_day": [
            {"answered_on": DAY},
            {"state": "accepted", "sent_on": DAY},
        ],
        "proposal_declined_has_reason": [
            {"state": "declined", "sent_on": DAY, "answered_on": DAY},
        ],
        "proposal_amounts_not_negative": [{"total": -1}, {"deviation": -1}, {"deviation": 101}],
        "proposal_retro_is_a_percentage": [{"retro_pct": -1}, {"retro_pct": 100}],
    },
    ProposalLine: {
        "proposal_line_position_once": ["!", {"product": "other"}],
        "proposal_product_once": ["!", {"position": 2}],
        "proposal_line_quantity_and_price": [{"quantity": 0}, {"price": -1}],
        "proposal_line_discount_is_a_percentage": [
            {"discount_pct": -1},
            {"discount_pct": "100.01"},
        ],
    },
}


@pytest.fixture
def rows(cast):
    """A sound row of each model, nothing of which the books have."""
    who, client, tea = cast.manager, clients.client(cast.manager), deals.product()
    contract = contracts.draft(client, who, external_id="1с|1")
    listed = deals.price_list(who, {tea: "100.00"})
    deals.price_list(cast.director, {tea: "100.00"}, approved_by=cast.director)
    offer = proposals.draft(client, {tea: ("1", "0")}, by=who)
    Proposal.objects.filter(pk=offer.pk).update(external_id="1с|1")
    Contract.objects.filter(pk=contract.pk).update(proposal=offer)
    version = Proposal.objects.create(
        number="КП/2", root=offer, number_of_version=2, client=client, author=who, dated_on=DAY,
        valid_to=DAY, state="sent", sent_on=DAY,
    )  # fmt: skip
    deliver = {"department": cast.logistics, "department_at": NOW, "client_at": NOW}
    contracts.delivery(client, who, state="effective", client_person="Петров", **deliver)
    made = (
        contract,
        contracts.power(who),
        contracts.template(),
        contracts.disagreement(contract, who),
        contracts.obligation(contract, who, cast.department),
        contracts.document(client, who),
        contracts.delivery(client, who, client_person="Петров", **deliver),
        ShipmentDocument.objects.create(
            shipment=deals.sale(client), kind="upd", made_on=DAY, noted_by=who
        ),
        PolicyException.objects.create(
            kind="discount", record_id=1, client=client, reason="Спор", owner=who, approved_by=who,
            starts_on=DAY, ends_on=DAY,
        ),
        deals.terms_request(client, who),
        listed,
        listed.lines.get(),
        offer,
        offer.lines.get(),
    )  # fmt: skip
    named = {"who": who, "other": deals.product(), "version": version.root}
    return SimpleNamespace(of={type(row): row for row in made}, named=named)


def test_the_table_refuses_nonsense_by_the_name_of_its_rule(rows):
    for model, rules in REFUSED.items():
        row = rows.of[model]
        named = rows.named | {"self": row}
        for name, (first, *others) in rules.items():
            write = written_again if first == "!" else written
            for changes in others if first == "!" else [first, *others]:
                with pytest.raises(IntegrityError, match=f'"{name}"'), transaction.atomic():
                    write(row, {k: named.get(v, v) if isinstance(v, str) else v
                                for k, v in changes.items()})  # fmt: skip


def written(row, values):
    type(row).objects.filter(pk=row.pk).update(**values)


def written_again(row, values):
    twin = type(row).objects.get(pk=row.pk)
    for name, value in ({"pk": None, "idempotency_key": None} | values).items():
        setattr(twin, name, value)
    twin.save(force_insert=True)


def test_every_rule_of_these_tables_is_tried():
    for model, tried in REFUSED.items():
        assert {rule.name for rule in model._meta.constraints} == set(tried), model
