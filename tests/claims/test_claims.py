"""Claims of clients: registered, decided within limits, compensated, answered, opened again."""

from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied

from claims.actions import claim_decisions as decisions
from claims.actions import claims as actions
from claims.actions.claim_deadlines import alert_claims
from claims.actions.claim_decisions import Decision, Findings
from claims.actions.claims import ClaimFacts, ClaimGoods
from claims.models import CLAIM_MOVES, Claim, ClaimState
from claims.permissions import can_see_claims
from crm.errors import AlreadyDecided, RuleViolation, StaleVersion
from crm.notices.models import Notice
from tests.factories import claims, clients, deals
from tests.files.samples import picture

pytestmark = pytest.mark.django_db
FRIDAY = date(2026, 11, 13)
LINE = {"price": 100, "amount": Decimal("899.99"), "quantity": 9, "name": "Шпатлёвка"}


@pytest.fixture
def client(cast):
    return clients.client(manager=cast.manager)


@pytest.fixture
def sale(client):
    return deals.sale(client, "999.99", lines=[LINE, {**LINE, "amount": 100, "quantity": 1}])


def facts(code="quality", **more):
    return ClaimFacts(**{"kind": "goods", "reason": claims.reason(code), **more})


def register(client, by, asked=None, goods=(), **more):
    more = {"key": uuid4(), "today": FRIDAY} | more
    return actions.register_claim(client.pk, asked or facts(), goods, by=by, **more)


def decide(claim, by, word="satisfied", party="warehouse", **more):
    more = {"compensation": "credit", "findings": "Осмотрели."} | more
    version = more.pop("version", claim.version)
    return decisions.decide_claim(
        claim.pk, Decision(word, party, **more), by=by, version=version, today=FRIDAY
    )


def told(kind):
    rows = Notice.objects.filter(kind=kind, channel="ui")
    return sorted(rows.values_list("user__username", flat=True))


def test_a_claim_of_lines_of_a_sale_is_registered_once(cast, client, sale):
    first, second = sale.lines.all()
    key, goods = uuid4(), [ClaimGoods(Decimal(2), shipment_line=first)]
    asked = facts(shipment=sale, channel="email", description=" Бой ")
    photo = ("бой.png", picture())
    claim = register(client, cast.manager, asked, goods, key=key, files=[photo])
    again = register(client, cast.manager, asked, goods, key=key, files=[photo])

    assert again.pk == claim.pk
    assert Claim.objects.count() == 1
    assert claim.number == "ПР-2026-000001"
    assert claim.state == "registered"
    assert (claim.manager, claim.org_unit) == (cast.manager, client.org_unit)
    assert claim.claimed_amount == claim.lines.get().amount == Decimal("200.00")  # 899.99 · 2/9
    assert claim.sold_on == sale.posted_on
    assert claim.response_due == date(2026, 11, 23)
    assert told("claim.registered") == ["sector_head"]
    assert told("claim.purchasing_registered") == ["purchasing"]
    notice = Notice.objects.filter(kind="claim.purchasing_registered")[0]
    said = {"ru": claim.reason.name_ru, "en": claim.reason.name_en}
    assert (notice.params["reason"], notice.params["goods"]) == (said, "Шпатлёвка")

    for wrong in (
        [ClaimGoods(Decimal(8), shipment_line=first)] * 2,
        [ClaimGoods(Decimal("1.001"), shipment_line=second)],
        [ClaimGoods(Decimal(0), name="Клей")],
        [ClaimGoods(Decimal(1))],
    ):
        with pytest.raises(RuleViolation):
            register(client, cast.manager, asked, wrong)
    with pytest.raises(RuleViolation, match="другой отгрузки"):
        register(client, cast.manager, facts(), goods)


def test_the_contract_says_by_when_a_claim_is_answered(cast, client, sale):
    deals.contract(client, claim_response_days=3, claim_day_type="working", kind="supply")
    claim = register(client, cast.manager)
    assert claim.response_due == date(2026, 11, 18)
    service = facts("service", kind="service", claimed_amount=Decimal(0))
    claim = register(client, cast.manager, service)
    assert told("claim.purchasing_registered") == ["purchasing"]  # of the first one alone
    own = deals.contract(client, claim_response_days=5, kind="sale")
    sale.contract = own
    sale.save(update_fields=["contract"])
    moved = actions.edit_claim(
        claim.pk, facts(shipment=sale), (), by=cast.manager, version=1, today=FRIDAY
    )
    assert moved.response_due == date(2026, 11, 18)
    assert moved.kind == "goods"


def test_who_takes_and_sees_claims(cast, client):
    claim = register(client, cast.manager)
    for person in (cast.accountant, cast.lawyer, cast.general_director):
        assert Claim.objects.visible_to(person).count() == 1
        with pytest.raises(PermissionDenied):
            register(client, person)
    for person in (cast.marketer, cast.logistics, cast.merchandiser, cast.admin, cast.manager2):
        assert not Claim.objects.visible_to(person).exists()
    assert can_see_claims(cast.purchasing)
    assert not can_see_claims(cast.logistics)
    register(client, cast.director, facts("service", kind="service"))
    assert list(Claim.objects.visible_to(cast.purchasing)) == [claim]


@pytest.mark.parametrize(
    ("amount", "able"),
    [
        ("10000.00", ["manager", "sector_head", "department_head", "director"]),
        ("10000.01", ["sector_head", "department_head", "director"]),
        ("50000.01", ["department_head", "director"]),
    ],
)
def test_the_amount_says_who_decides(cast, client, amount, able):
    people = ["manager", "manager2", "sector_head", "department_head", "director", "accountant"]
    found = []
    for name in people:
        claim = claims.claim(client, amount)
        try:
            decide(claim, getattr(cast, name))
            found.append(name)
        except (PermissionDenied, Claim.DoesNotExist):
            pass
    assert found == able


def test_a_lowered_sum_brings_nobody_within_the_limit(cast, client):
    def lower(claim, amount, by):
        told = facts(claimed_amount=Decimal(amount))
        sent = {"by": by, "version": claim.version, "today": FRIDAY}
        return actions.edit_claim(claim.pk, told, (), **sent)

    claim = lower(claims.claim(client, "60000.00"), 40_000, cast.sector_head)
    assert claim.lowered_from == 60_000
    claim = lower(lower(claim, 9_000, cast.manager), 9_500, cast.manager)
    assert (claim.claimed_amount, claim.lowered_from) == (9_500, 60_000)
    for person in (cast.manager, cast.sector_head):
        with pytest.raises(PermissionDenied):
            decide(claim, person)
    claim = lower(claim, 9_500, cast.department_head)  # who may decide 60,000 says so
    assert claim.lowered_from is None
    assert decide(claim, cast.manager).satisfied_amount == 9_500
    raised = lower(claims.claim(client, "9000.00"), 8_000, cast.manager)
    assert lower(raised, 30_000, cast.manager).lowered_from is None


def test_decisions_that_a_rule_refuses(cast, client):
    claim = claims.claim(client, "1000.00")
    head, one = cast.sector_head, Decimal(1)
    for word, refused in (
        ("satisfied", {"satisfied_amount": Decimal("1000.01")}),
        ("satisfied", {"satisfied_amount": Decimal("999.99")}),
        ("satisfied", {"compensation": ""}),
        ("satisfied", {"compensation": "none"}),
        ("partial", {}),
        ("partial", {"satisfied_amount": Decimal(1000)}),
        ("partial", {"satisfied_amount": one, "findings": " "}),
        ("rejected", {"satisfied_amount": one}),
        ("rejected", {"findings": ""}),
        ("satisfied", {"party": ""}),
        ("satisfied", {"party": "carrier", "guilty_person": cast.manager}),
        ("satisfied", {"guilty_person": head}),
        ("satisfied", {"reason": claims.reason("service")}),
    ):
        with pytest.raises(RuleViolation):
            decide(claim, head, word, **refused)
    with pytest.raises(StaleVersion):
        decide(claim, head, version=9)

    given = decide(claim, cast.director, satisfied_amount=Decimal(1500))
    assert given.beyond_by == cast.director
    assert given.satisfied_amount == 1500
    assert told("claim.decided") == ["manager"]
    with pytest.raises(AlreadyDecided, match="Орлов"):
        decide(claim, head)


def test_a_claim_goes_its_way_and_comes_back_on_objection(cast, client):
    claim = register(client, cast.manager, facts("shortage", claimed_amount=Decimal(5000)))
    assert not told("claim.purchasing_registered")
    head = cast.sector_head
    with pytest.raises(RuleViolation, match="не видит"):
        decisions.assign_claim(claim.pk, by=head, version=1, person_id=cast.manager2.pk)
    with pytest.raises(PermissionDenied):
        decisions.assign_claim(claim.pk, by=cast.manager, version=1, person_id=head.pk)
    claim = decisions.assign_claim(claim.pk, by=head, version=1, person_id=cast.manager.pk)
    assert claim.state == "in_review"
    assert told("claim.assigned") == ["manager"]
    found = Findings("Недовоз двух коробок", "warehouse")
    claim = decisions.examine_claim(claim.pk, found, by=cast.manager, version=2)
    claim = decide(claim, head, "partial", satisfied_amount=Decimal(3000))
    assert claim.compensation == "credit"
    assert claim.is_owed
    assert told("claim.purchasing_decided") == ["purchasing"]

    manager, step = cast.manager, {"on": FRIDAY, "today": FRIDAY}
    with pytest.raises(RuleViolation, match="не ответили"):
        decisions.close_claim(claim.pk, by=manager, version=claim.version)
    claim = decisions.answer_claim(claim.pk, by=manager, version=claim.version, **step)
    with pytest.raises(RuleViolation, match="компенсацию"):
        decisions.close_claim(claim.pk, by=manager, version=claim.version)
    claim = decisions.compensate_claim(claim.pk, by=cast.accountant, version=claim.version, **step)
    claim = decisions.close_claim(claim.pk, by=manager, version=claim.version)
    assert claim.state == "closed"

    claim = decisions.reopen_claim(
        claim.pk, by=manager, version=claim.version, objection="Не хватает ещё", today=FRIDAY
    )
    assert (claim.state, claim.decision, claim.satisfied_amount) == ("in_review", "", None)
    assert (claim.times_reopened, claim.answered_on) == (1, None)
    claim = decide(claim, head)
    assert Notice.objects.filter(kind="claim.purchasing_decided", channel="ui").count() == 2
    assert claim.satisfied_amount == 5000


def test_moves_that_the_map_does_not_know_are_refused(cast, client):
    made = {
        state: claims.decided(client, state=state, compensated_on=FRIDAY)
        if state in ("decided", "compensated", "closed")
        else claims.claim(client, state=state, objection="нет")
        for state in ClaimState.values
    }
    for state, claim in made.items():
        for up, aim in ((actions.hand_up, "escalated"), (actions.take_back, "in_review")):
            if aim not in CLAIM_MOVES[state]:
                with pytest.raises(RuleViolation):
                    up(claim.pk, by=cast.manager)
        if "withdrawn" not in CLAIM_MOVES[state]:
            with pytest.raises(PermissionDenied):
                actions.withdraw_claim(
                    claim.pk, by=cast.manager, version=1, reason="Нет", today=FRIDAY
                )
        if "decided" not in CLAIM_MOVES[state]:
            with pytest.raises((AlreadyDecided, PermissionDenied)):
                decide(claim, cast.director)
    raised = actions.hand_up(made["in_review"].pk, by=cast.manager)
    with pytest.raises(PermissionDenied):  # a manager decides nothing that was handed up
        decide(raised, cast.manager)
    back = actions.take_back(raised.pk, by=None)
    withdrawn = actions.withdraw_claim(
        back.pk, by=cast.manager, version=back.version, reason="Разобрались", today=FRIDAY
    )
    assert (withdrawn.state, withdrawn.objection) == ("withdrawn", "Разобрались")


def test_the_clock_tells_each_claim_once_for_a_term(cast, client):
    soon = claims.claim(client, on=date(2026, 11, 3))  # due on the 13th
    claims.decided(client, on=date(2026, 11, 3), decision="rejected", satisfied_amount=0)
    today = date(2026, 11, 12)
    assert alert_claims(today=today) == 3
    assert (told("claim.soon"), told("claim.late")) == (["manager"], [])
    assert told("claim.unsettled") == ["manager", "sector_head"]
    assert alert_claims(today=today) == 0

    assert alert_claims(today=date(2026, 11, 16)) == 2
    assert told("claim.late") == ["manager", "sector_head"]
    assert alert_claims(today=date(2026, 11, 30)) == 1  # the head above; nobody else again
    assert told("claim.late") == ["department_head", "manager", "sector_head"]
    assert str(soon.number) in Notice.objects.filter(kind="claim.late")[0].params["which"]
