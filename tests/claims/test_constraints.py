"""What the tables of claims, returns, escalations and lawsuits refuse past the actions."""

from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from claims.actions import escalations, lawsuits
from claims.actions.escalations import Matter
from claims.models import (
    Claim,
    ClaimLine,
    Escalation,
    Lawsuit,
    LawsuitPackage,
    LawsuitStage,
    OutgoingClaim,
    OutgoingLine,
    Return,
    ReturnLine,
)
from tests.deals.test_constraints import written, written_again
from tests.factories import claims, clients, contracts, deals
from tests.factories import outgoing as factory

DAY = date(2026, 11, 2)
BEFORE, AFTER, LATER = (DAY + timedelta(days=days) for days in (-1, 1, 2))
NOW = timezone.now()
DECIDED = {
    "state": "decided", "decision": "satisfied", "decided_on": DAY,
    "satisfied_amount": "1000.00", "guilty_party": "warehouse",
}  # fmt: skip
HANDED = {"initiated_by": "who", "initiated_at": NOW}
SENT = HANDED | {
    "state": "sent", "sent_on": DAY, "lawyer": "who", "proof": "1", "sent_by": "post",
    "response_due": AFTER, "lawsuit_from": LATER,
}  # fmt: skip
FILED = {"state": "filed", "filed_on": "filed"}

# Of each model: what is written past the actions, by the constraint that refuses it.
# «!» before a value means: a second row, equal to the first but for these values.
REFUSED = {
    Claim: {
        "claim_number_once": ["!", {"external_id": ""}],
        "claim_external_id_once": ["!", {"number": "Другая"}],
        "claim_amount_not_negative": [{"claimed_amount": -1}],
        "claim_lowered_from_more": [{"lowered_from": "1000.00"}],
        "claim_answered_after_it_came": [{"response_due": BEFORE}],
        "claim_decided_has_decision": [
            {"state": "decided"},
            {"decision": "rejected"},
            {"decided_on": DAY},
            {"satisfied_amount": 0},
            {"decided_by": "who"},
            *(DECIDED | {name: empty} for name, empty in (
                ("decision", ""), ("decided_on", None), ("satisfied_amount", None),
                ("guilty_party", ""),
            )),
        ],
        "claim_not_satisfied_beyond_claimed": [
            DECIDED | {"satisfied_amount": "1000.01"},
            DECIDED | {"satisfied_amount": -1, "beyond_by": "who"},
        ],
        "claim_refused_gives_nothing": [DECIDED | {"decision": "rejected"}],
        "claim_compensated_has_its_day": [DECIDED | {"state": "compensated"}],
        "claim_withdrawn_has_reason": [{"state": "withdrawn"}],
    },
    ClaimLine: {
        "claim_line_position_once": ["!", {}],
        "claim_line_quantity_positive": [{"quantity": 0}],
        "claim_line_amount_not_negative": [{"price": -1}, {"amount": -1}],
        "claim_line_names_goods": [{"name": ""}],
    },
    Return: {
        "return_number_once": ["!", {"external_id": ""}],
        "return_external_id_once": ["!", {"number": "Другой"}],
        "return_of_a_sale_or_from_the_books": [{"shipment": None}],
        "return_asked_for_has_reason": [
            {"reason": None},
            {"reason": None, "document": "credit"},
            {"reason": None, "created_by": None},
        ],
        "return_amount_not_negative": [{"amount": -1}],
        "return_received_has_its_day": [{"state": "goods_received"}, {"state": "accepted"}],
        "return_credited_has_document": [{"state": "credited", "received_on": DAY}],
    },
    ReturnLine: {
        "return_line_position_once": ["!", {}],
        "return_line_quantity_positive": [{"quantity": 0}],
        "return_line_accepted_within_asked": [
            {"accepted_quantity": -1},
            {"accepted_quantity": "2.001"},
        ],
        "return_line_amount_not_negative": [{"price": -1}, {"amount": -1}],
    },
    Escalation: {
        "escalation_names_its_record": [
            {"kind": "claim"},
            {"kind": "contract"},
            {"claim": "claim"},
            {"contract": "contract"},
            {"kind": "claim", "claim": "claim", "contract": "contract"},
        ],
        "escalation_due_after_it_came": [{"due_on": BEFORE}],
        "escalation_ended_has_its_day": [
            {"state": "resolved", "outcome": "Да"},
            {"ended_on": DAY},
        ],
        "escalation_ended_says_how": [{"state": "fiasco", "ended_on": DAY}],
        "escalation_of_client_once": ["!", {}],
        "escalation_of_claim_once": ["!", {"kind": "claim", "claim": "claim"}],
        "escalation_of_contract_once": ["!", {"kind": "contract", "contract": "contract"}],
    },
    OutgoingClaim: {
        "outgoing_sums_not_negative": [
            {"principal": 0},
            {"penalty": -1},
            {"interest": -1, "penalty": 1},
        ],
        "outgoing_accrual_not_paid_beyond": [{"accrual_paid": -1}, {"accrual_paid": 999_999}],
        "outgoing_review_was_initiated": [
            {"state": "legal_review"},
            {"state": "legal_review", "initiated_by": "who"},
            {"state": "legal_review", "initiated_at": NOW},
        ],
        "outgoing_sent_has_proof": [
            {"sent_on": DAY},
            {"proof": "1"},
            {"sent_by": "post"},
            {"response_due": DAY},
            {"lawsuit_from": DAY},
            *(SENT | {name: value} for name, value in (
                ("sent_on", None), ("lawyer", None), ("proof", ""), ("sent_by", ""),
                ("response_due", BEFORE), ("lawsuit_from", AFTER),
                ("response_due", None), ("lawsuit_from", None),
            )),
        ],
        "outgoing_answer_has_its_day": [
            SENT | {"answered_on": BEFORE, "answer_kind": "agrees"},
            SENT | {"answered_on": DAY},
            SENT | {"answer_kind": "agrees"},
            {"answer_kind": "agrees"},
        ],
        "outgoing_answered_has_answer": [SENT | {"state": "answered"}],
        "outgoing_ended_has_day_and_reason": [
            {"state": "cancelled"},
            {"ended_on": DAY},
            {"end_reason": "Оплачено"},
            {"state": "cancelled", "ended_on": DAY},
            {"state": "cancelled", "end_reason": "Оплачено"},
        ],
    },
    OutgoingLine: {
        "outgoing_line_place": ["!", {"is_held": False}],
        "outgoing_invoice_in_one_claim": ["!", {"position": 2}],
        "outgoing_line_not_negative": [{"principal": 0}, {"accrual": -1}],
        "outgoing_line_accrual_has_kind": [{"kind": "none"}],
    },
    Lawsuit: {
        "lawsuit_sums_not_negative": [
            {"principal": -1},
            {"accrual": -1},
            {"principal": 0, "accrual": 0},
            {"state_duty": -1},
        ],
        "lawsuit_filed_has_its_day": [{"state": "filed"}, FILED | {"court": ""}],
        "lawsuit_decided_has_its_day": [
            {"decided_on": "filed"},
            FILED | {"decided_on": "filed"},
            FILED | {"state": "won", "decided_on": BEFORE},
            FILED | {"state": "won"},
            {"state": "closed", "closed_on": DAY, "decided_on": DAY},
        ],
        "lawsuit_awarded_by_a_decision": [
            {"awarded": 1},
            FILED | {"state": "won", "decided_on": "filed", "awarded": -1},
        ],
        "lawsuit_closed_has_its_day": [{"closed_on": DAY}, {"state": "closed"}],
    },
    LawsuitStage: {"lawsuit_stage_once": ["!", {}]},
    LawsuitPackage: {
        "lawsuit_package_finished_at": [{"finished_at": NOW}, {"state": "done"}],
        "lawsuit_package_failure_said": [
            {"failure": "Диск"},
            {"state": "failed", "finished_at": NOW},
        ],
        "lawsuit_package_one_waiting": ["!", {"key": uuid4()}],
    },
}  # fmt: skip


@pytest.fixture
def rows(cast):
    """A sound row of each model, nothing of which has been decided, sent or filed."""
    who, client = cast.manager, clients.client(cast.manager)
    line = {"name": "Книги", "quantity": 10, "price": 10, "amount": Decimal("100.00")}
    goods = [{"name": "Клей", "quantity": 1, "price": 10, "amount": 10}]
    claim = claims.claim(client, on=DAY, external_id="файл|1", lines=goods)
    sale = deals.sale(client, "100.00", on=DAY, lines=[line])
    back = claims.asked(sale, {sale.lines.get(): 2}, by=who, today=DAY)
    Return.objects.filter(pk=back.pk).update(external_id="файл|1")
    handed, contract = claims.claim(client), contracts.draft(client, who)
    row = None
    for matter in (
        Matter("claim", "Бой", "Звонки", claim_id=handed.pk),
        Matter("contract", "Цена", "Звонки", contract_id=contract.pk),
        Matter("conflict", "Спор", "Звонки"),
    ):
        row = escalations.escalate(client.pk, matter, by=who, today=DAY, key=uuid4())
    suit = factory.lawsuit(client, cast=cast)
    drafted = factory.drafted(client, by=who)
    made = (
        claim, claim.lines.get(), back, back.lines.get(), row, drafted, drafted.lines.get(), suit,
        suit.stages.get(),
        lawsuits.ask_for_package(suit.pk, by=cast.lawyer, version=suit.version),
    )  # fmt: skip
    named = {"claim=claim": handed, "contract=contract": contract}
    named["document=credit"] = deals.returned(client, "-1.00", on=DAY)
    for field in ("initiated_by", "lawyer", "decided_by", "beyond_by"):
        named[f"{field}=who"] = who
    for field in ("filed_on", "decided_on"):
        named[f"{field}=filed"] = suit.prepared_on
    return SimpleNamespace(of={type(row): row for row in made}, named=named)


def test_the_table_refuses_nonsense_by_the_name_of_its_rule(rows):
    for model, rules in REFUSED.items():
        row = rows.of[model]
        for name, (first, *others) in rules.items():
            write = written_again if first == "!" else written
            for changes in others if first == "!" else [first, *others]:
                values = {name: rows.named.get(name + "=" + str(value), value)
                          for name, value in changes.items()}  # fmt: skip
                with pytest.raises(IntegrityError, match=f'"{name}"'), transaction.atomic():
                    write(row, values)


def test_every_rule_of_these_tables_is_tried():
    for model, tried in REFUSED.items():
        assert {rule.name for rule in model._meta.constraints} == set(tried), model
