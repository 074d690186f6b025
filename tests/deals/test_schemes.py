"""Relationship schemes: who writes, decides and ends them, which days they hold (C.5 no. 7)."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from crm.approvals import actions as approvals
from crm.approvals.models import Approval
from crm.errors import RuleViolation, StaleVersion
from crm.notices.models import Notice
from crm.states import check_move
from deals.actions import scheme_moves as moves
from deals.actions import schemes as actions
from deals.conditions.discounts import allowed_discount
from deals.models import SCHEME_MOVES, PolicyException, RelationshipScheme, SchemeState
from deals.ordering.lead_times import offer_of
from deals.pages.schemes import months_of_scheme
from tests.approvals.racing import failures, overtaken, race
from tests.cast import assemble, fresh
from tests.factories import clients, deals, schemes
from tests.standing import standing

D, DAY = Decimal, timedelta(days=1)
TODAY = date(2026, 11, 23)
SEEN = RelationshipScheme.objects


@standing
def client(cast):
    return clients.client(cast.manager, category="A", name="ООО «Ромашка»")


def sent(client, by, today=TODAY, **more):
    made = schemes.draft(client, by, today, **more)
    actions.submit_scheme(made.pk, by=by, version=made.version, today=today)
    return SEEN.get(pk=made.pk)


def decide(scheme, by, decision="approve", *, comment="", today=TODAY):
    approval = Approval.objects.of(scheme).running().get()
    approvals.decide(
        approval.pk, by=by, decision=decision, comment=comment, version=approval.version,
        target_version=approval.target_version, today=today,
    )  # fmt: skip
    return SEEN.get(pk=scheme.pk)


def end(scheme, by, reason="Долги", today=TODAY):
    known = SEEN.get(pk=scheme.pk)
    return moves.end_scheme(known.pk, by=by, version=known.version, reason=reason, today=today)


# --- who decides ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("category", "gives", "decides"),
    [
        ("A", {"discount_pct": D("10"), "accelerated_days": 2}, "department_head"),
        ("A", {"discount_pct": D("10.01")}, "director"),
        ("A", {"discount_pct": D("0"), "accelerated_days": 3}, "director"),
        ("B", {"discount_pct": D("7.01")}, "director"),
    ],
)
def test_the_head_decides_within_the_policy_and_the_director_beyond_it(
    cast, client, category, gives, decides
):
    client.category = category
    client.save(update_fields=["category"])
    scheme = sent(client, cast.manager, **gives)
    for other in (cast.sector_head, cast.manager):
        with pytest.raises((PermissionDenied, Approval.DoesNotExist)):
            decide(scheme, other)
    signer = getattr(cast, decides)
    if decides == "director":
        with pytest.raises((PermissionDenied, Approval.DoesNotExist)):
            decide(scheme, cast.department_head)
    done = decide(scheme, signer, today=scheme.valid_to)  # on the last day still
    assert (done.state, done.approved_by) == ("active", signer)
    assert done.beyond_policy == (decides == "director") == PolicyException.objects.exists()
    measures = [row.value for row in PolicyException.objects.all()]
    assert measures == ([done.discount_pct or None] if done.beyond_policy else [])
    assert done.evidence["turnover"] == "0.00"


def test_nobody_decides_an_own_scheme_nor_one_whose_text_is_their_own(cast, client):
    own = sent(client, cast.department_head)
    with pytest.raises(PermissionDenied):
        decide(own, cast.department_head)
    assert decide(own, cast.director, "reject", comment="Нет").state == "rejected"
    draft = schemes.draft(client, cast.department_head, TODAY)
    with pytest.raises(PermissionDenied):
        actions.submit_scheme(draft.pk, by=cast.manager, version=1, today=TODAY)
    taken = actions.edit_scheme(
        draft.pk, by=cast.manager, version=1, values=schemes.values(TODAY), today=TODAY
    )
    assert taken.author == cast.manager


def test_above_everybodys_limit_it_is_not_sent(cast, client):
    with pytest.raises(RuleViolation, match="выше лимитов") as refusal:
        sent(client, cast.manager, discount_pct=D("15.01"))
    assert refusal.value.field == "discount_pct"


def test_what_has_changed_since_is_looked_at_when_it_is_decided(cast, client):
    scheme = sent(client, cast.manager, discount_pct=D("9"))
    for category, words in (("B", "выше вашего лимита"), ("C", "этой категории")):
        client.category = category
        client.save(update_fields=["category"])
        with pytest.raises(RuleViolation, match=words):
            decide(scheme, cast.department_head)
    client.category = "A"
    client.save(update_fields=["category"])
    with pytest.raises(RuleViolation, match="Последний день"):
        decide(scheme, cast.department_head, today=scheme.valid_to + DAY)
    archived = {"status": "archived", "archived_at": timezone.now()}
    type(client).objects.filter(pk=client.pk).update(**archived)
    with pytest.raises(RuleViolation, match="в архиве"):
        decide(scheme, cast.department_head)
    assert decide(scheme, cast.department_head, "return", comment="Много").state == "draft"


def test_only_the_people_of_the_client_write_for_categories_of_the_setting(cast, client):
    with pytest.raises(type(client).DoesNotExist):
        schemes.draft(client, cast.stranger, TODAY)
    for other in (cast.director, cast.accountant):
        with pytest.raises(PermissionDenied):
            schemes.draft(client, other, TODAY)
    common = clients.client(cast.manager, category="C")
    with pytest.raises(RuleViolation, match="этой категории"):
        schemes.draft(common, cast.manager, TODAY)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"valid_from": TODAY - DAY}, "valid_from"),
        ({"valid_to": TODAY - DAY}, "valid_to"),
        ({"valid_to": TODAY + 367 * DAY}, "valid_to"),
        ({"accelerated_days": 6}, "accelerated_days"),
        ({"discount_pct": D(0), "accelerated_days": 0}, None),
    ],
)
def test_what_is_wrong_is_said_at_its_field(cast, client, changes, field):
    with pytest.raises(RuleViolation) as refusal:
        schemes.draft(client, cast.manager, TODAY, **changes)
    assert refusal.value.field == field


def test_one_is_prepared_at_a_time_and_a_stale_page_is_refused(cast, client):
    draft = schemes.draft(client, cast.manager, TODAY)
    with pytest.raises(RuleViolation, match="уже готовится"):
        schemes.draft(client, cast.sector_head, TODAY)
    edit = {"by": cast.manager, "version": 1, "today": TODAY}
    actions.edit_scheme(draft.pk, values=schemes.values(TODAY), **edit)
    with pytest.raises(StaleVersion):
        actions.edit_scheme(draft.pk, values=schemes.values(TODAY), **edit)
    actions.discard_scheme(draft.pk, by=cast.manager, version=2)
    again = sent(client, cast.manager)
    actions.withdraw_scheme(again.pk, by=cast.manager, today=TODAY)
    assert SEEN.get(pk=again.pk).state == "draft"


@pytest.mark.parametrize("before", SchemeState.values)
def test_moves_that_the_map_does_not_know_are_refused(before):
    for after in set(SchemeState.values) - SCHEME_MOVES[before]:
        with pytest.raises(RuleViolation):
            check_move(RelationshipScheme(state=before), SCHEME_MOVES, after)


# --- which days it holds -------------------------------------------------------------------------


def test_it_begins_and_ends_by_the_clock_also_after_an_outage(cast, client):
    scheme = sent(client, cast.manager, valid_from=TODAY + DAY, valid_to=TODAY + 9 * DAY)
    assert decide(scheme, cast.department_head).state == "approved"
    assert moves.turn_schemes(today=TODAY) == 0
    # The day decides, not the clock that turns the state a few minutes later.
    for day, discount in ((TODAY, "3"), (TODAY + DAY, "6"), (TODAY + 10 * DAY, "3")):
        assert allowed_discount(client, by=cast.manager, today=day) == D(discount)
    assert (moves.turn_schemes(today=TODAY + DAY), moves.turn_schemes(today=TODAY + DAY)) == (1, 0)
    assert SEEN.get().state == "active"
    assert not Notice.objects.filter(kind="relationship.active").exists()
    late = sent(client, cast.manager, valid_from=TODAY + 10 * DAY, valid_to=TODAY + 12 * DAY)
    decide(late, cast.department_head)
    month = TODAY + 30 * DAY
    assert (moves.turn_schemes(today=month), moves.turn_schemes(today=month)) == (3, 0)
    assert set(SEEN.values_list("state", flat=True)) == {"expired"}
    told = Notice.objects.filter(kind="relationship.expired", user=cast.manager)
    assert told.count() == 2


def test_the_head_ends_it_with_a_reason_and_it_counts_no_more(cast, client):
    scheme = decide(sent(client, cast.manager, discount_pct=D("12")), cast.director)
    assert PolicyException.objects.in_force(TODAY).get().value == D("12")
    for other in (cast.manager, cast.sector_head, cast.accountant):
        with pytest.raises(PermissionDenied):
            end(scheme, other)
    with pytest.raises(RuleViolation) as refusal:
        end(scheme, cast.department_head, "  ")
    assert refusal.value.field == "reason"
    ended = end(scheme, cast.department_head)
    assert (ended.state, ended.ended_on, ended.ended_by) == (
        "terminated",
        TODAY,
        cast.department_head,
    )
    assert not PolicyException.objects.in_force(TODAY).exists()
    assert allowed_discount(client, by=cast.manager, today=TODAY) == D("3")
    assert Notice.objects.filter(kind="relationship.terminated", user=cast.manager).exists()
    with pytest.raises(PermissionDenied):
        end(scheme, cast.director)
    for manager in (cast.department_head, None):  # nobody else to be told
        held = clients.client(manager, org_unit=cast.department, category="A")
        end(
            schemes.scheme(held, cast.sector_head, state="active", today=TODAY),
            cast.department_head,
        )
    assert Notice.objects.filter(kind="relationship.terminated", channel="ui").count() == 1


def test_the_next_period_is_a_draft_of_the_same_terms_once(cast, client):
    first = decide(sent(client, cast.manager, valid_to=TODAY + 29 * DAY), cast.department_head)
    made = actions.renew_scheme(first.pk, by=cast.manager, version=first.version, today=TODAY)
    assert (made.valid_from, made.valid_to) == (TODAY + 30 * DAY, TODAY + 59 * DAY)
    assert (made.state, made.previous, made.discount_pct, made.goals) == (
        "draft",
        first,
        first.discount_pct,
        first.goals,
    )
    with pytest.raises(RuleViolation, match="уже готовится"):
        actions.renew_scheme(first.pk, by=cast.manager, version=first.version, today=TODAY)
    gone = decide(
        SEEN.get(
            pk=actions.submit_scheme(made.pk, by=cast.manager, version=1, today=TODAY).object_id
        ),
        cast.department_head,
    )
    later = gone.valid_to + 40 * DAY
    again = actions.renew_scheme(gone.pk, by=cast.manager, version=gone.version, today=later)
    assert (again.valid_from, again.valid_to) == (later, later + 29 * DAY)


def test_a_draft_is_changed_sent_and_given_up_by_its_people_and_as_the_day_allows(cast, client):
    draft, given = schemes.draft(client, cast.manager, TODAY), schemes.values(TODAY)
    edit, by = {"version": 1, "today": TODAY}, {"by": cast.manager}
    for refused in (
        lambda: actions.edit_scheme(draft.pk, by=cast.accountant, values=given, **edit),
        lambda: actions.discard_scheme(draft.pk, by=cast.accountant, version=1),
    ):
        with pytest.raises(PermissionDenied):
            refused()
    with pytest.raises(SEEN.model.DoesNotExist):
        actions.withdraw_scheme(draft.pk, by=cast.stranger, today=TODAY)
    backwards = schemes.values(TODAY, valid_to=TODAY - DAY)
    with pytest.raises(RuleViolation):
        actions.edit_scheme(draft.pk, values=backwards, **edit, **by)
    actions.edit_scheme(draft.pk, values=schemes.values(TODAY, discount_pct=D(4)), **edit, **by)
    assert SEEN.get(pk=draft.pk).discount_pct == 4
    with pytest.raises(RuleViolation) as late:
        actions.submit_scheme(draft.pk, version=2, today=draft.valid_to + DAY, **by)
    assert late.value.field in ("valid_from", "valid_to")
    type(client).objects.filter(pk=client.pk).update(category="C")
    with pytest.raises(RuleViolation, match="этой категории"):
        actions.submit_scheme(draft.pk, version=2, today=TODAY, **by)
    kept = schemes.scheme(clients.client(cast.manager, category="A"), cast.manager, state="expired")
    with pytest.raises(PermissionDenied):
        actions.renew_scheme(kept.pk, by=cast.accountant, version=1, today=TODAY)


def test_two_schemes_on_one_day_are_refused_when_sent_and_when_decided(cast, client):
    first = sent(client, cast.manager)
    stands = schemes.scheme(client, cast.manager, state="approved", today=first.valid_to)
    with pytest.raises(RuleViolation, match="действует другая схема"):
        decide(first, cast.department_head)
    decide(first, cast.department_head, "reject", comment="Уже есть")
    with pytest.raises(RuleViolation, match="действует другая схема") as refusal:
        sent(client, cast.manager, valid_from=stands.valid_to, valid_to=stands.valid_to)
    assert refusal.value.field == "valid_from"


def test_an_order_of_the_scheme_is_promised_sooner_by_working_days(cast, client):
    friday = date(2026, 11, 20)
    assert offer_of(client, friday) is None
    schemes.scheme(client, cast.manager, state="active", today=friday, accelerated_days=2)
    assert offer_of(client, friday).ship_by == date(2026, 11, 25)


def test_turnover_of_whole_months_stands_against_the_goal(cast, client):
    deals.sale(client, "300000.00", on=date(2026, 10, 2))
    deals.sale(client, "100000.00", on=TODAY)
    scheme = schemes.scheme(client, cast.manager, state="active", today=date(2026, 9, 15))
    months = months_of_scheme(scheme, TODAY)
    assert [(m.first.month, m.fact, m.percent, m.is_missed) for m in months] == [
        (9, D("0.00"), D("0.00"), False),
        (10, D("300000.00"), D("75.00"), True),
        (11, D("100000.00"), D("25.00"), False),
    ]


# --- the table refuses by itself, and two at once ------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"valid_to": TODAY - DAY}, "scheme_period_in_order"),
        ({"discount_pct": D("100.01")}, "scheme_discount_of_hundred"),
        ({"turnover_goal": D(0)}, "scheme_goal_more_than_nothing"),
        ({"goals": ""}, "scheme_has_goals"),
        ({"discount_pct": D(0), "accelerated_days": 0}, "scheme_gives_something"),
        ({"state": "active", "approved_by": None}, "scheme_approved_has_approver"),
        ({"state": "terminated", "end_reason": ""}, "scheme_ended_early_has_reason"),
        ({"state": "active", "valid_from": TODAY + DAY}, "scheme_one_a_day"),
    ],
)
def test_the_table_refuses(cast, client, changes, constraint):
    schemes.scheme(client, cast.manager, state="approved", today=TODAY, valid_to=TODAY + DAY)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        schemes.scheme(client, cast.manager, today=TODAY, **changes)


class TestAtOnce:
    """Threads commit: a database of its own."""

    @pytest.fixture
    def cast(self, committed_db):
        return assemble()

    def test_of_two_overlapping_schemes_decided_at_once_one_stands(self, cast, client):
        """The second signer waits for the client and sees the first scheme."""
        both = [schemes.scheme(client, cast.manager, state="rejected", today=TODAY) for _ in "ab"]

        def approving(pk):
            def run():
                with transaction.atomic():
                    scheme = SEEN.select_for_update(of=("self",)).get(pk=pk)
                    scheme.state = "on_approval"
                    moves.approve_scheme(scheme, by=fresh(cast.department_head), today=TODAY)

            return run

        found = race(*(approving(scheme.pk) for scheme in both))
        assert [type(error) for error in failures(found)] == [RuleViolation]
        assert SEEN.standing().count() == 1

    def test_the_clock_leaves_what_somebody_has_just_ended(self, cast, client):
        scheme = schemes.scheme(client, cast.manager, state="active", today=TODAY, valid_to=TODAY)
        turned = overtaken(
            lambda: end(scheme, fresh(cast.department_head)),
            lambda: moves.turn_schemes(today=TODAY + DAY),
        )
        assert (turned, SEEN.get().state) == (0, "terminated")

    def test_of_two_signers_at_once_one_decides(self, cast, client):
        scheme = sent(client, cast.manager, discount_pct=D("12"))

        def deciding(decision):
            return lambda: decide(scheme, fresh(cast.director), decision, comment="Так")

        found = race(deciding("approve"), deciding("reject"))
        assert len(failures(found)) == 1
        assert SEEN.get().state in {"active", "rejected"}
