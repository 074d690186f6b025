"""Claims and returns where a guard begins to hold: days, strangers, people who have left."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from claims.actions import claim_decisions as decisions
from claims.actions import claims as claim_actions
from claims.actions import crediting, returns
from claims.actions.book_returns import follow_books
from claims.actions.claim_deadlines import alert_claims
from claims.actions.claim_decisions import Decision, Findings
from claims.actions.claims import ClaimFacts, ClaimGoods
from claims.models import Compensation, Return
from crm.approvals.models import Approval
from crm.calendar import current
from crm.errors import RuleViolation
from crm.notices.models import Notice
from crm.work.registry import setting
from deals.models import Shipment
from tests.factories import accounts, claims, clients, deals, orders
from tests.guarding import refused

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)
LINE = {"name": "Книги", "quantity": 10, "price": 10, "amount": Decimal("100.00")}


@pytest.fixture
def client(cast):
    return clients.client(cast.manager)


def told(kind):
    rows = Notice.objects.filter(kind=kind, channel="ui")
    return sorted(rows.values_list("user__username", flat=True))


def test_the_head_above_and_what_is_not_settled_from_the_day_after(cast, client):
    """On the last day of a setting nobody above is told; on the next working day they are."""
    next_day = current().add(TODAY, 1)
    due = current().add(TODAY, -setting("claim.head_days"))
    claims.claim(client, on=date(2026, 10, 1), response_due=due)
    decided = current().add(TODAY, -setting("claim.settle_days"))
    claims.decided(client, on=decided)
    claims.claim(client, on=TODAY, response_due=current().add(TODAY, 30))  # far away
    withdrawn = {"state": "withdrawn", "objection": "Нет"}
    claims.claim(client, on=TODAY, response_due=TODAY, **withdrawn)
    alert_claims(today=TODAY)
    assert told("claim.late") == ["manager", "sector_head"]
    assert told("claim.unsettled") == told("claim.soon") == []
    alert_claims(today=next_day)
    assert told("claim.late") == ["department_head", "manager", "sector_head"]
    assert told("claim.unsettled") == ["manager", "sector_head"]


def test_a_claim_of_who_has_left_is_told_to_the_head(cast, client):
    cast.manager.is_active = False
    cast.manager.save(update_fields=["is_active"])
    claims.claim(client, on=TODAY, response_due=TODAY)
    claims.claim(client, on=TODAY, response_due=TODAY, assigned_to=cast.manager2)
    alert_claims(today=TODAY)
    assert told("claim.soon") == ["manager2", "sector_head"]


def test_who_is_named_in_a_claim_works_here_and_is_guilty_of_what_is_ours(cast, client):
    claim = claims.claim(client)
    assign = {"by": cast.sector_head, "version": 1}
    gone = cast.accountant
    gone.is_active = False
    gone.save(update_fields=["is_active"])
    claims.claim(clients.client(cast.stranger))  # the one that the stranger sees
    for person in (gone.pk, 999_999, cast.stranger.pk):
        args = assign | {"person_id": person}
        refused(RuleViolation, lambda args=args: decisions.assign_claim(claim.pk, **args))
    examine = {"by": cast.manager, "version": 1}
    for wrong in (
        Findings(" ", "warehouse"),
        Findings("Бой", "nobody"),
        Findings("Бой", "carrier", cast.manager2),
        Findings("Бой", "", cast.manager2),
    ):
        refused(
            RuleViolation, lambda wrong=wrong: decisions.examine_claim(claim.pk, wrong, **examine)
        )


def test_days_of_a_decided_claim(cast, client):
    day = deals.DAY
    claim = claims.decided(client, on=day, compensation="credit")
    by = {"by": cast.manager, "version": 1, "today": day}
    for act in (decisions.compensate_claim, decisions.answer_claim):
        for wrong in (day.replace(day=1), day.replace(day=3)):
            args = by | {"on": wrong}
            refused(RuleViolation, lambda act=act, args=args: act(claim.pk, **args))
    nothing = claims.decided(client, on=day, compensation="")
    refused(RuleViolation, lambda: decisions.compensate_claim(nothing.pk, on=day, **by))
    none = by | {"compensation": Compensation.NOTHING}
    refused(RuleViolation, lambda: decisions.compensate_claim(claim.pk, on=day, **none))
    again = {**by, "objection": " "}
    refused(RuleViolation, lambda: decisions.reopen_claim(claim.pk, **again))
    again = {**by, "reason": " "}
    fresh = claims.claim(client)
    refused(RuleViolation, lambda: claim_actions.withdraw_claim(fresh.pk, **again))
    assert decisions.answer_claim(claim.pk, on=day, **by).answered_on == day
    done = decisions.compensate_claim(claim.pk, on=day, **by | {"version": 2})
    assert done.compensated_on == day


def test_strangers_and_documents_that_nobody_sold(cast, client):
    sale = deals.sale(client, "100.00", lines=[LINE])
    sold = sale.lines.get()
    back = claims.asked(sale, {sold: 2}, by=cast.manager, today=TODAY)
    stranger = {"by": cast.stranger, "version": back.version}
    refused(PermissionDenied, lambda: returns.close_return(back.pk, by=cast.lawyer, version=9))
    credit = {"on": TODAY, "number": "", "today": TODAY}
    for act in (
        lambda: returns.withdraw_return(back.pk, today=TODAY, **stranger),
        lambda: returns.close_return(back.pk, **stranger),
        lambda: crediting.credit_return(back.pk, **stranger, **credit),
    ):
        refused(Return.DoesNotExist, act)
    refused(
        Shipment.DoesNotExist,
        lambda: claims.asked(sale, {sold: 1}, by=cast.stranger, today=TODAY),
    )
    other = deals.sale(client, "100.00", lines=[LINE]).lines.get()
    by = {"by": cast.manager, "today": TODAY}
    refused(RuleViolation, lambda: claims.asked(sale, {sold: 1, other: 1}, **by))
    refused(RuleViolation, lambda: claims.asked(sale, {sold: 1}, justification=" ", **by))
    nobodys = deals.unassigned()
    asked = returns.Asked({}, claims.reason().pk, "Брак")
    key = "6f1c1a3e-8f0e-4f53-9f6f-1d2f3a4b5c6d"
    ask = {"by": cast.accountant, "today": TODAY, "key": key}
    refused(PermissionDenied, lambda: returns.ask_return(nobodys.pk, asked, **ask))
    returns.withdraw_return(back.pk, by=cast.manager, version=back.version, today=TODAY)
    assert not Approval.objects.of(back).running().exists(), "nobody has to decide it any more"
    deals.returned(client, "-10.00", on=TODAY)
    assert follow_books(today=TODAY) == 1
    books = Return.objects.get(shipment=None)
    by = {"by": cast.accountant, "version": books.version}
    refused(PermissionDenied, lambda: crediting.credit_return(books.pk, **by, **credit))


FACTS = {"kind": "goods", "claimed_amount": Decimal(100)}


def register(client, by, goods=(), **more):
    facts = ClaimFacts(**FACTS | {"reason": claims.reason()} | more)
    return claim_actions.register_claim(client.pk, facts, goods, by=by, key=uuid4(), today=TODAY)


def test_what_a_claim_may_not_say(cast, client, monkeypatch):
    other, by = clients.client(cast.manager), cast.manager
    foreign = {
        "shipment": deals.sale(other, "10.00"),
        "order": orders.draft(other, {deals.product(): 1}, by=by),
        "person": clients.person(other),
    }
    tomorrow = TODAY + timedelta(days=1)
    wrong = [{field: row} for field, row in foreign.items()]
    wrong += [
        {"reason": claims.reason("service")},
        {"registered_on": tomorrow},
        {"claimed_amount": Decimal("-0.01")},
    ]
    for more in wrong:
        with pytest.raises(RuleViolation) as refusal:
            register(client, by, **more)
        assert refusal.value.field == next(iter(more))
    goods = [ClaimGoods(Decimal(1), name="Клей")] * 3
    service = {"kind": "service", "reason": claims.reason("service")}
    refused(RuleViolation, lambda: register(client, by, goods, **service))
    monkeypatch.setattr(claim_actions, "MOST_LINES", 2)
    refused(RuleViolation, lambda: register(client, by, goods))
    refused(type(client).DoesNotExist, lambda: register(client, cast.stranger))
    with CaptureQueriesContext(connection) as asked:
        made = register(client, by, goods[:2], registered_on=TODAY)
    assert made.lines.count() == 2
    assert any("pg_advisory_xact_lock" in query["sql"] for query in asked), "of the form's key"
    early = register(client, by, registered_on=deals.DAY)
    facts = ClaimFacts(**FACTS, reason=claims.reason())
    args = {"by": by, "version": 1, "today": TODAY}
    edited = claim_actions.edit_claim(early.pk, facts, (), **args)
    assert (edited.registered_on, edited.version) == (deals.DAY, 2)


def test_decisions_at_their_border(cast, client):
    def decided(by, word="satisfied", party="warehouse", amount="1000.00", **more):
        claim = claims.claim(client, amount)
        more = {"compensation": "credit", "findings": ""} | more
        say = Decision(word, party, **more)
        return decisions.decide_claim(claim.pk, say, by=by, version=1, today=TODAY)

    whole = decided(cast.sector_head, satisfied_amount=Decimal(1000))
    assert (whole.satisfied_amount, whole.beyond_by) == (1000, None)
    for amount in ("0.01", "999.99"):
        part = {"satisfied_amount": Decimal(amount), "findings": "Бой"}
        assert decided(cast.sector_head, "partial", **part).satisfied_amount == Decimal(amount)
    for amount in ("0.00", "1000.00"):
        part = {"satisfied_amount": Decimal(amount), "findings": "Бой"}
        refused(RuleViolation, lambda part=part: decided(cast.sector_head, "partial", **part))
    unsaid = {"satisfied_amount": None, "findings": "Бой"}
    refused(RuleViolation, lambda: decided(cast.sector_head, "partial", **unsaid))
    refused(RuleViolation, lambda: decided(cast.sector_head, party="elsewhere"))
    no = decided(cast.sector_head, "rejected", findings="Принято без замечаний")
    assert (no.compensation, no.satisfied_amount) == ("", 0)
    nothing = decided(cast.sector_head, amount="0.00", compensation="")
    assert (nothing.compensation, nothing.is_owed) == ("none", False)
    Notice.objects.all().delete()
    service = claims.claim(client, kind="service", reason=claims.reason("service"))
    say = Decision("satisfied", "office", compensation="credit")
    decisions.decide_claim(service.pk, say, by=cast.sector_head, version=1, today=TODAY)
    assert told("claim.purchasing_decided") == [], "no goods"
    reason = claims.reason("breakage")
    assert decided(cast.sector_head, reason=reason).reason == reason
    own = decided(cast.director, party="office", guilty_person=cast.director)
    assert own.guilty_person == cast.director
    open_one = claims.claim(client)
    unknown = {"by": cast.manager, "version": 1}
    found = decisions.examine_claim(open_one.pk, Findings("Проверяем"), **unknown)
    assert (found.findings, found.guilty_party) == ("Проверяем", "")


def test_goods_without_a_manager_are_received_and_nobody_is_told(cast, client):
    sale = deals.sale(client, "100.00", lines=[LINE])
    back = claims.asked(sale, {sale.lines.get(): 2}, by=cast.manager, today=TODAY)
    back = claims.decide(back, by=cast.department_head)
    Return.objects.update(manager=None)
    assert claims.came(back, by=cast.logistics, today=TODAY).state == "goods_received"
    assert told("return.received") == []


def test_the_key_of_a_form_answers_nobody_else(cast, client):
    facts, key = ClaimFacts(**FACTS, reason=claims.reason()), uuid4()
    sent = {"key": key, "today": TODAY}
    made = claim_actions.register_claim(client.pk, facts, (), by=cast.manager, **sent)
    assert claim_actions.register_claim(client.pk, facts, (), by=cast.manager, **sent) == made
    refused(
        IntegrityError,
        lambda: claim_actions.register_claim(client.pk, facts, (), by=cast.sector_head, **sent),
    )


def test_as_much_as_was_sold_may_be_complained_of_by_its_people(cast, client):
    sale = deals.sale(client, "100.00", lines=[LINE])
    sold, tea = sale.lines.get(), deals.product()
    whole = [ClaimGoods(Decimal(10), shipment_line=sold), ClaimGoods(Decimal(1), product=tea)]
    made = register(client, cast.manager, whole, shipment=sale, claimed_amount=None)
    assert [line.name for line in made.lines.all()] == ["Книги", tea.name]
    more = [ClaimGoods(Decimal("10.001"), shipment_line=sold)]
    refused(RuleViolation, lambda: register(client, cast.manager, more, shipment=sale))
    refused(
        RuleViolation, lambda: register(client, cast.manager, [ClaimGoods(Decimal(1), name=" ")])
    )
    by = {"by": cast.stranger, "version": 1}
    why = {"reason": "Передумал", "today": TODAY}
    refused(type(made).DoesNotExist, lambda: claim_actions.withdraw_claim(made.pk, **why, **by))


def test_what_the_delivery_does_is_told_to_the_manager_and_the_accounting(cast, client):
    gone = accounts.user(role="accountant", org_unit=cast.company, is_active=False)
    sale = deals.sale(client, "100.00", lines=[LINE])
    back = claims.asked(sale, {sale.lines.get(): 2}, by=cast.manager, today=TODAY)
    back = claims.decide(back, by=cast.department_head)
    claims.taken(back, by=cast.logistics)
    assert told("return.received") == ["manager"]
    assert told("return.accepted") == ["manager"]
    assert told("return.to_credit") == ["accountant"]
    assert not gone.is_active
