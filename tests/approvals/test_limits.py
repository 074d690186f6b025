"""The limit matrix: exactly one answer for every fact, and more never leads lower (DISCOUNT-1)."""

from decimal import Decimal as D

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm.accounts.models import OrgUnit, Role, User
from crm.approvals import actions, limits
from crm.approvals.actions import LevelDraft, StepDraft
from crm.approvals.limit_kinds import limit_kind, limit_kinds
from crm.approvals.models import SIGNING_LADDER, Approval, ApprovalRoute, LimitLevel
from crm.errors import RuleViolation, StaleVersion
from tests.approvals import toy
from tests.cast import everybody
from tests.factories.categories import TODAY
from tests.kernel.shared_files import shared_example

DISCOUNT = "discount"
STANDARD = "contract.signature"
OTHER = "contract.signature_other"

percents = st.decimals(0, 100, places=2)
amounts = st.decimals(0, 10**12, places=2)
days = st.integers(0, 400)
facts = st.fixed_dictionaries({"amount": amounts, "percent": percents, "days": days})


def maybe(values):
    return st.none() | values


levels = st.lists(
    st.builds(
        LimitLevel,
        role=st.sampled_from([role.value for role in SIGNING_LADDER]),
        category=st.sampled_from(["", "A"]),
        max_amount=maybe(amounts),
        max_percent=maybe(percents),
        max_days=maybe(days),
    ),
    unique_by=lambda level: (level.role, level.category),
)


BUSY = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # is no mistake


@BUSY
@given(levels, st.sampled_from(["", "A", "B"]), facts, facts)
def test_any_matrix_gives_one_route_and_more_never_leads_lower(rows, category, first, second):
    """Whatever was typed in, also what the page would refuse: the promise needs no care."""
    least = {name: min(first[name], second[name]) for name in first}
    most = {name: max(first[name], second[name]) for name in first}
    ladder = limits.ladder(rows, category)
    lower, higher = limits.climb(ladder, least), limits.climb(ladder, most)
    assert {level.role for level in higher} <= {level.role for level in lower}
    ranks = [limits.rank(level.role) for level in lower]
    assert ranks == sorted(set(ranks))  # one order, no role twice
    if higher:
        assert limits.rank(higher[0].role) >= limits.rank(lower[0].role)
        assert limits.covers(higher[0], most)
    below = [one for one in ladder if lower and limits.rank(one.role) < limits.rank(lower[0].role)]
    assert not any(limits.covers(level, least) for level in below)


@pytest.fixture
def answers(db):
    """Who decides by the limits of the first day, as a pure function of kind and facts."""
    routes = ApprovalRoute.objects.filter(active=True).prefetch_related("levels")
    rows = {route.kind: list(route.levels.all()) for route in routes}

    def ask(kind, category, columns):
        found = limits.climb(limits.ladder(rows[kind], category), columns)
        return found[0].role if found else ""

    return ask


def test_for_every_kind_of_the_first_day_more_never_leads_lower(answers):
    asked = [(kind, category) for kind in limit_kinds() for category in ["", *kind.categories]]

    @BUSY
    @given(st.integers(0, len(asked) - 1), facts, facts)
    def check(place, first, second):
        kind, category = asked[place]
        used = [measure.column for measure in kind.measures]
        roles = [
            answers(kind.kind, category, {name: pick(first[name], second[name]) for name in used})
            for pick in (min, max)
        ]
        least, most = (limits.rank(role) if role else len(SIGNING_LADDER) for role in roles)
        assert least <= most

    check()


def signer_of_discount(discount, category=""):
    found = limits.route_for(DISCOUNT, discount=D(discount), category=category)
    assert bool(found.refusal) == (found.signer is None)
    return found.signer.role if found.signer else "forbidden"


def test_who_approves_a_discount(db):
    wanted = shared_example("DISCOUNT-1")["expected"]
    assert {discount: signer_of_discount(discount) for discount in wanted} == wanted


@pytest.mark.parametrize(
    ("discount", "category", "role"),
    [
        ("10.00", "A", "department_head"), ("7.00", "B", "department_head"),
        ("7.01", "B", "director"), ("3.00", "C", "manager"), ("3.01", "C", "director"),
        ("0.00", "trading_hall", "manager"), ("0.01", "trading_hall", "director"),
        ("15.01", "", "forbidden"),
    ],
)  # fmt: skip
def test_the_ceiling_of_a_category_sends_a_discount_to_the_director(db, discount, category, role):
    """D.4."""
    assert signer_of_discount(discount, category) == role


@pytest.mark.parametrize(
    ("kind", "amount", "role"),
    [
        (STANDARD, "300000.00", "manager"), (STANDARD, "500000.01", "sector_head"),
        (STANDARD, "4000000.00", "department_head"), (STANDARD, "5000000.01", "director"),
        (OTHER, "100000.00", "director"), (OTHER, "25000000.00", "general_director"),
    ],
)  # fmt: skip
def test_who_signs_a_contract(db, kind, amount, role):
    """CONTRACT-1."""
    assert limits.route_for(kind, amount=D(amount)).signer.role == role


def offices(kind, author, unit, **asked):
    found = limits.route_for(kind, **asked)
    steps = limits.steps_of(found, author=author, org_unit=unit, today=TODAY)
    return [(step.kind, step.skipped or step.problem or step.people[0].username) for step in steps]


def test_visas_come_first_and_nobody_signs_twice(cast):
    """Whoever signs in the end gives no visa before."""
    visas = [StepDraft("visa", role=role) for role in ("lawyer", "accountant", "director")]
    visas.insert(2, StepDraft("visa", unit_kind="department"))
    actions.change_visas(OTHER, by=cast.admin, visas=visas, version=1)
    asked = {"amount": D("25000000.00")}
    assert offices(OTHER, cast.manager, cast.sector, **asked) == [
        ("visa", "lawyer"), ("visa", "accountant"), ("visa", "department_head"),
        ("visa", "director"), ("sign", "general_director"),
    ]  # fmt: skip
    small = offices(OTHER, cast.manager, cast.sector, amount=D(1))
    assert small[3:] == [("visa", "signs_later"), ("sign", "director")]
    assert offices(OTHER, cast.director, cast.sector, **asked)[3] == ("visa", "author")


def test_within_the_own_limit_nobody_has_to_be_asked(cast):
    found = limits.route_for(DISCOUNT, discount=D(3))
    assert (found.is_own(cast.manager), found.is_own(cast.accountant)) == (True, False)
    assert offices(DISCOUNT, cast.manager, cast.sector, discount=D(3)) == []
    assert offices(DISCOUNT, cast.accountant, cast.sector, discount=D(3)) == [
        ("approve", "sector_head")
    ]


def test_where_the_role_has_nobody_the_next_one_decides(cast):
    five = {"discount": D(5)}
    assert offices(DISCOUNT, cast.manager, cast.sector, **five) == [("approve", "sector_head")]
    assert offices(DISCOUNT, cast.manager, cast.department, **five)[0][1] == "department_head"
    assert offices(DISCOUNT, cast.stranger, cast.other_sector, **five)[0][1] == "stranger_head"
    # Credit always has four eyes: the head who asks within the norm is answered by the director.
    credit = offices("credit_limit", cast.department_head, cast.sector, over_norm=D(0))
    assert credit == [("visa", "accountant"), ("approve", "director")]


def test_nobody_left_is_a_sentence_and_not_a_route(cast):
    above = offices(DISCOUNT, cast.manager, cast.sector, discount=D("15.01"))
    assert above[0][1] == limits.route_for(DISCOUNT, discount=D("15.01")).refusal != ""
    User.objects.filter(role__in=["director", "general_director"]).update(is_active=False)
    alone = offices("payment_deferral", cast.department_head, cast.department, deferral=1)
    assert "ректор" in alone[0][1]


def test_facts_are_given_by_their_names(db):
    for wrong in [{}, {"amount": D(1)}, {"discount": D(1), "amount": D(1)}]:
        with pytest.raises(TypeError):
            limits.route_for(DISCOUNT, **wrong)
    with pytest.raises(KeyError):
        limits.route_for("nothing", amount=D(1))


def test_a_request_goes_the_way_of_the_matrix_and_remembers_its_facts(cast, toys):
    def send(discount, by=cast.manager):
        return actions.submit(
            OrgUnit.objects.get(pk=cast.other_sector.pk), kind=toy.KIND, by=by, title="Скидка",
            org_unit=cast.sector, today=TODAY,
            limits=limits.route_for(DISCOUNT, discount=D(discount), category="B"),
        )  # fmt: skip

    with pytest.raises(RuleViolation, match=r"everybody|всех"):
        send("15.01")
    with pytest.raises(RuleViolation, match=r"own limit|собственн"):
        send("3.00")
    approval = send("7.01")
    assert approval.facts == {"discount": "7.01", "category": "B"}
    assert [(s.role, s.kind) for s in approval.steps.all()] == [("director", "approve")]
    # The limits are raised meanwhile: the request keeps the steps it was sent with.
    rows = [LevelDraft("department_head", max_percent=D(20)), LevelDraft("director")]
    actions.change_ladder(DISCOUNT, by=cast.admin, category="B", levels=rows, version=1)
    toy.decide(approval, cast.director)
    assert Approval.objects.get(pk=approval.pk).state == "approved"
    assert limits.route_for(DISCOUNT, discount=D(19), category="B").signer.role == "department_head"
    assert limits.limits_of(DISCOUNT, "director")["B"] == {"discount": None}
    assert limits.limits_of(DISCOUNT, "manager")["B"] is None


def test_a_change_is_a_version_that_keeps_the_rest(cast):
    head = [StepDraft("visa", unit_kind="department")]
    actions.change_visas(STANDARD, by=cast.admin, visas=head, version=1)
    route = actions.change_ladder(
        STANDARD, by=cast.admin, category="", version=2,
        levels=[LevelDraft("general_director"), LevelDraft("sector_head", max_amount=D(7))],
    )  # fmt: skip
    former = ApprovalRoute.objects.get(kind=STANDARD, version=2)
    assert (former.active, former.levels.count(), route.version) == (False, 5, 3)
    assert [level.role for level in route.levels.all()] == ["sector_head", "general_director"]
    assert route.steps.get().unit_kind == "department"
    third = actions.change_visas(STANDARD, by=cast.admin, visas=[], version=3)
    assert (third.steps.count(), third.levels.count()) == (0, 2)
    with pytest.raises(StaleVersion):
        actions.change_visas(STANDARD, by=cast.admin, visas=[], version=3)
    assert former.events.latest("pgh_id").pgh_context["verb"] == "limits.changed"
    assert actions.seed_limits() == 0


def test_a_category_may_follow_the_others_again(cast):
    route = actions.change_ladder(DISCOUNT, by=cast.admin, category="C", levels=[], version=1)
    assert not route.levels.filter(category="C").exists()
    assert limits.route_for(DISCOUNT, discount=D(5), category="C").signer.role == "sector_head"


@pytest.mark.parametrize(
    ("category", "rows", "field"),
    [
        ("", [], None),
        ("D", [LevelDraft("director")], None),
        ("", [LevelDraft("lawyer")], None),
        ("", [LevelDraft("director"), LevelDraft("director")], None),
        ("", [LevelDraft("director", max_amount=D(5))], "director"),
        (
            "A",
            [LevelDraft("director", max_percent=D(5)), LevelDraft("manager", max_percent=D(6))],
            "director-discount",
        ),
        (
            "",
            [LevelDraft("director", max_percent=D(5)), LevelDraft("manager")],
            "director-discount",
        ),
    ],
)
def test_limits_that_make_no_sense_are_refused(cast, category, rows, field):
    with pytest.raises(RuleViolation) as refusal:
        actions.change_ladder(DISCOUNT, by=cast.admin, category=category, levels=rows, version=1)
    assert refusal.value.field == field
    assert ApprovalRoute.objects.filter(kind=DISCOUNT).count() == 1


def test_only_the_administrator_changes_limits(cast):
    for name, person in everybody(cast).items():
        if name != "admin":
            with pytest.raises(PermissionDenied):
                actions.change_ladder(DISCOUNT, by=person, category="A", levels=[], version=1)
            with pytest.raises(PermissionDenied):
                actions.change_visas(DISCOUNT, by=person, visas=[], version=1)


@pytest.mark.parametrize(
    "visas",
    [
        [toy.DIRECTOR],
        [toy.HEAD, toy.HEAD],
        [actions.StepDraft("visa", role="department_head")],
        [actions.StepDraft("visa", role=role) for role in list(Role)[3:10]],
    ],
)
def test_visas_that_cannot_work_are_refused(cast, visas):
    with pytest.raises(RuleViolation):
        actions.change_visas(DISCOUNT, by=cast.admin, visas=visas, version=1)


def test_the_database_refuses_limits_that_fall(db):
    route = ApprovalRoute.objects.get(kind=STANDARD, active=True)
    for name, role, values in [
        ("limit_level_never_falls", "director", {"max_amount": D(4999999)}),
        ("limit_level_never_falls", "manager", {"max_amount": D(1000001)}),
        ("limit_level_never_falls", "sector_head", {"max_amount": None}),
        ("limit_level_never_falls", "general_director", {"max_days": 5}),
        ("limit_level_not_negative", "manager", {"max_amount": D(-1)}),
        ("limit_level_of_the_ladder", "manager", {"role": "lawyer"}),
        ("limit_level_once_per_role", "manager", {"role": "director"}),
        ("limit_level_has_term", "manager", {"due_working_days": 0}),
    ]:
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            route.levels.filter(role=role).update(**values)


def test_every_kind_starts_with_limits_the_rules_allow(cast):
    for kind in limit_kinds():
        route = ApprovalRoute.objects.get(kind=kind.kind, active=True)
        for category in {level.category for level in route.levels.all()}:
            rows = route.levels.filter(category=category).values(
                "role", "max_amount", "max_percent", "max_days", "due_working_days"
            )
            again = actions.change_ladder(
                kind.kind, by=cast.admin, category=category, version=route.version,
                levels=[LevelDraft(**row) for row in rows],
            )  # fmt: skip
            route = again
    assert limit_kind(DISCOUNT).label
