"""Escalations: the ladder from the manager up, by people and by the clock (CM-05, ESC-1)."""

from datetime import date
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from claims.actions import escalations as actions
from claims.actions.claim_decisions import Decision, decide_claim
from claims.actions.claims import withdraw_claim
from claims.actions.escalations import Matter
from claims.ladder import runs_out_on
from claims.models import Escalation
from crm.accounts.models import OrgUnit, User
from crm.errors import RuleViolation, StaleVersion
from crm.notices.models import Notice
from tests.cast import signed_in
from tests.factories import accounts, categories, claims, contracts
from tests.guarding import refused
from tests.kernel.shared_files import shared_example

pytestmark = pytest.mark.django_db
THURSDAY = date(2026, 10, 29)
CONFLICT = Matter("conflict", "Спор о качестве партии", "Два звонка и встреча")


@pytest.fixture
def client(cast):
    return categories.client(cast.manager, category="A")


def handed_up(client, by, matter=CONFLICT, *, today=THURSDAY, key=None):
    return actions.escalate(client.pk, matter, by=by, today=today, key=key or uuid4())


def told(kind):
    return set(Notice.objects.filter(kind=kind, channel="ui").values_list("user", flat=True))


def test_esc_1_the_terms_of_the_ladder(cast, client):
    expected = shared_example("ESC-1")["expected"]
    first = handed_up(client, cast.manager)
    assert (first.level, first.to_user, first.personally) == (
        "sector_head",
        cast.sector_head,
        False,
    )
    assert str(first.due_on) == expected["sector_head_until"]
    assert str(runs_out_on(first.due_on)) == expected["auto_escalates_on"]

    assert actions.pass_over_late(today=date(2026, 11, 2)) == 0, "the last day is theirs"
    assert actions.pass_over_late(today=date(2026, 11, 3)) == 1
    assert actions.pass_over_late(today=date(2026, 11, 3)) == 0, "twice an hour"
    first.refresh_from_db()
    above = first.above
    assert (first.state, first.by_time, first.outcome) == ("fiasco", True, "")
    assert (above.to_user, above.personally, above.from_user) == (cast.department_head, True, None)
    assert above.tried == CONFLICT.tried
    assert str(above.due_on) == expected["department_head_until"]
    assert told("escalation.personally") == {cast.department_head.pk}
    assert told("escalation.went_up") == {cast.manager.pk}

    assert actions.pass_over_late(today=date(2026, 11, 9)) == 0, "in person: never by the clock"
    assert actions.remind_late(today=date(2026, 11, 9)) > 0
    assert told("escalation.late") == {cast.department_head.pk, cast.director.pk}
    assert actions.remind_late(today=date(2026, 11, 10)) == 0, "once"


def test_a_level_settles_or_hands_higher_up_to_the_director(cast, client):
    claim = claims.claim(client)
    first = handed_up(client, cast.manager, Matter("claim", "Бой", "Звонки", claim_id=claim.pk))
    claim.refresh_from_db()
    assert claim.state == "escalated"

    first = actions.take_up(first.pk, by=cast.sector_head, version=1)
    second = actions.hand_higher(
        first.pk, by=cast.sector_head, version=2, tried="Встреча", today=THURSDAY
    )
    third = actions.hand_higher(
        second.pk, by=cast.department_head, version=1, tried="Письмо", today=THURSDAY
    )
    assert (third.level, third.to_user, third.tried) == ("director", cast.director, "Письмо")
    with pytest.raises(PermissionDenied):
        actions.hand_higher(third.pk, by=cast.director, version=1, tried="Нет", today=THURSDAY)
    actions.settle(third.pk, by=cast.director, version=1, outcome="Скидка 3 %", today=THURSDAY)
    claim.refresh_from_db()
    assert claim.state == "in_review"
    assert told("escalation.settled") == {
        person.pk for person in (cast.manager, cast.sector_head, cast.department_head)
    }
    assert Escalation.objects.open().count() == 0


def test_a_head_has_the_next_level_above_and_an_empty_level_is_left_out(cast, client):
    own = handed_up(client, cast.sector_head)
    assert own.to_user == cast.department_head
    other = categories.client(cast.manager, category="B")
    OrgUnit.objects.filter(pk=cast.sector.pk).update(head=None)
    found = handed_up(other, cast.manager)
    assert (found.level, found.personally) == ("department_head", False)


def test_the_talks_go_with_a_contract(cast, client):
    contract = contracts.draft(client, cast.manager)
    matter = Matter("contract", "Отсрочка 90 дней", "Три встречи", contract_id=contract.pk)
    first = handed_up(client, cast.manager, matter)
    contract.refresh_from_db()
    assert contract.negotiator == cast.sector_head
    actions.hand_higher(first.pk, by=cast.sector_head, version=1, tried="Нет", today=THURSDAY)
    contract.refresh_from_db()
    assert contract.negotiator == cast.department_head


def test_what_is_refused_changes_nothing(cast, client):
    key = uuid4()
    first = handed_up(client, cast.manager, key=key)
    assert handed_up(client, cast.manager, key=key) == first, "a doubled click"
    foreign = claims.claim(categories.client(cast.manager, category="C"))
    over = claims.decided(client)
    for matter in (
        CONFLICT,
        Matter("receivables", " ", "Звонки"),
        Matter("receivables", "Долг", " "),
        Matter("claim", "Бой", "Звонки", claim_id=foreign.pk),
        Matter("claim", "Бой", "Звонки", claim_id=over.pk),
        Matter("contract", "Цена", "Звонки", contract_id=contracts.active(client, cast.manager).pk),
    ):
        with pytest.raises(RuleViolation):
            handed_up(client, cast.manager, matter)
    for person in (cast.director, cast.accountant, cast.lawyer):
        with pytest.raises(PermissionDenied):
            handed_up(client, person)
    with pytest.raises(PermissionDenied):
        actions.take_up(first.pk, by=cast.manager, version=1)
    with pytest.raises(StaleVersion):
        actions.take_up(first.pk, by=cast.sector_head, version=2)
    User.objects.filter(pk__in=[cast.department_head.pk, cast.director.pk]).update(is_active=False)
    with pytest.raises(RuleViolation):
        actions.hand_higher(first.pk, by=cast.sector_head, version=1, tried="Нет", today=THURSDAY)
    assert Escalation.objects.count() == 1


def test_a_substitute_settles_but_not_what_is_to_be_done_in_person(cast, client):
    period = {"first": date(2026, 1, 1), "last": timezone.localdate()}
    accounts.delegation(cast.department_head, cast.sector_head, **period)
    mine = handed_up(client, cast.sector_head)
    assert mine.personally
    with pytest.raises(PermissionDenied):
        actions.settle(mine.pk, by=cast.sector_head, version=1, outcome="Решено", today=THURSDAY)
    other = categories.client(cast.manager, category="B")
    theirs = handed_up(other, cast.sector_head)
    actions.settle(theirs.pk, by=cast.sector_head, version=1, outcome="Решено", today=THURSDAY)
    rows = Escalation.objects.awaiting(cast.sector_head)
    assert not rows.exists()
    assert list(Escalation.objects.awaiting(cast.department_head)) == [mine]


def test_people_of_other_departments_see_nothing(cast, client):
    row = handed_up(client, cast.manager)
    for person, seen in ((cast.stranger, 0), (cast.sector_head, 1), (cast.marketer, 0)):
        assert Escalation.objects.visible_to(person).filter(pk=row.pk).count() == seen


def test_a_claim_that_is_decided_or_withdrawn_ends_what_was_handed_up(cast, client):
    decided, withdrawn = claims.claim(client), claims.claim(client)
    for claim in (decided, withdrawn):
        matter = Matter("claim", "Бой", "Звонки", claim_id=claim.pk)
        handed_up(client, cast.manager, matter)
        claim.refresh_from_db()
    refused = Decision(decision="rejected", guilty_party="client", findings="Не наш брак")
    by, today = cast.department_head, THURSDAY
    decide_claim(decided.pk, refused, by=by, version=decided.version, today=today)
    assert Escalation.objects.open().count() == 1
    withdraw_claim(withdrawn.pk, by=by, version=withdrawn.version, reason="Нашли", today=today)
    outcomes = Escalation.objects.order_by("pk").values_list("state", "outcome")
    assert list(outcomes) == [("resolved", "Отказано"), ("resolved", "Отозвана")]
    assert actions.pass_over_late(today=date(2026, 11, 9)) == 0


def test_what_is_not_said_not_seen_or_not_ours_is_refused(cast, client):
    foreign = contracts.draft(categories.client(cast.manager, category="C"), cast.manager)
    asked = contracts.draft(client, cast.manager)
    type(asked).objects.filter(pk=asked.pk).update(state="on_approval")
    over = claims.decided(client)
    for wrong, field in (
        (Matter("contract", "Цена", "Звонки", contract_id=foreign.pk), "contract"),
        (Matter("contract", "Цена", "Звонки"), "contract"),
        (Matter("contract", "Цена", "Звонки", contract_id=asked.pk), None),
        (Matter("claim", "Бой", "Звонки", claim_id=over.pk), "claim"),
        (Matter("claim", "Бой", "Звонки"), "claim"),
    ):
        with pytest.raises(RuleViolation) as refusal:
            handed_up(client, cast.manager, wrong)
        assert refusal.value.field == field
    refused(type(client).DoesNotExist, lambda: handed_up(client, cast.stranger))
    row = handed_up(client, cast.manager)
    by = {"by": cast.sector_head, "version": 1, "today": THURSDAY}
    refused(RuleViolation, lambda: actions.hand_higher(row.pk, tried=" ", **by))
    refused(RuleViolation, lambda: actions.settle(row.pk, outcome=" ", **by))
    stranger = by | {"by": cast.stranger}
    refused(Escalation.DoesNotExist, lambda: actions.settle(row.pk, outcome="Да", **stranger))


def test_the_clock_passes_over_on_a_working_day_after_the_term_alone(cast, client):
    row = handed_up(client, cast.manager)
    days = {"last day": date(2026, 11, 2), "saturday": date(2026, 11, 7)}
    for day in days.values():
        assert actions.pass_over(row.pk, today=day) is None
    people = User.objects.filter(pk__in=[cast.department_head.pk, cast.director.pk])
    people.update(is_active=False)
    late = {"today": date(2026, 11, 3)}
    assert actions.pass_over(row.pk, **late) is None, "nobody above could take it"
    people.update(is_active=True)
    assert actions.pass_over(row.pk, **late).to_user == cast.department_head
    assert actions.pass_over(row.pk, **late) is None, "it is over"
    other = categories.client(cast.manager, category="B")
    people = User.objects.filter(role__in=["sector_head", "department_head", "director"])
    people.update(is_active=False)
    with pytest.raises(RuleViolation, match="Выше вас"):
        handed_up(other, cast.manager)


def test_my_day_shows_it_to_whoever_has_to_settle_it_now(cast, client):
    row = handed_up(client, cast.manager, today=timezone.localdate())

    def seen(person, **query):
        page = signed_in(person).get(reverse("reports:my_day"), query).content.decode()
        return row.get_absolute_url() in page

    assert seen(cast.sector_head)
    assert not seen(cast.manager)
    assert not seen(cast.department_head)
    assert seen(cast.department_head, manager=cast.sector_head.pk)
    row = actions.hand_higher(
        row.pk, by=cast.sector_head, version=1, tried="Встреча", today=timezone.localdate()
    )
    assert seen(cast.department_head)
    assert not seen(cast.sector_head)
