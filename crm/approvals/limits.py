"""Who may decide what: the limit matrix answers with one ordered route (DISCOUNT-1, CONTRACT-1).

    found = limits.route_for("discount", discount=Decimal("7.5"), category="A")
    found.signer                  # the level that decides; None: above everybody's limit
    found.refusal                 # the sentence for that case, else ""
    found.is_own(user)            # within the person's own limit: nobody has to be asked
    limits.steps_of(found, author=user, org_unit=unit, today=today)    # with people, to be shown
    approvals.submit(record, kind=…, by=user, …, limits=found)         # starts exactly this route

Each measure of the kind is given by its name (`limit_kinds.Measure.name`), a missing or unknown
one is a TypeError. The smallest role whose limits cover all facts decides: for every fact there
is exactly one answer, and higher facts never lead to a lower role. Where the role has nobody (no
such unit above, no head, only the author), the next role up decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from crm.accounts.models import OrgUnit, OrgUnitKind, Role, User
from crm.approvals import routes
from crm.approvals.limit_kinds import COLUMNS, LimitKind, limit_kind
from crm.approvals.models import (
    SIGNING_LADDER,
    ApprovalRoute,
    ApprovalRouteStep,
    ApprovalStep,
    LimitLevel,
    SkipReason,
)
from crm.approvals.routes import StepPreview

RANKS = {role.value: rank for rank, role in enumerate(SIGNING_LADDER)}
UNIT_OF_ROLE = {
    Role.SECTOR_HEAD: OrgUnitKind.SECTOR,
    Role.DEPARTMENT_HEAD: OrgUnitKind.DEPARTMENT,
}
Facts = Mapping[str, Decimal | int]


def rank(role: str) -> int:
    """Place of the role among those who decide; -1 for everybody else."""
    return RANKS.get(role, -1)


def covers(level: LimitLevel, columns: Mapping[str, Decimal | int]) -> bool:
    """Whether every fact is within the level's limit."""
    limits = ((getattr(level, f"max_{name}"), value) for name, value in columns.items())
    return all(limit is None or value <= limit for limit, value in limits)


def climb(
    levels: Iterable[LimitLevel], columns: Mapping[str, Decimal | int]
) -> tuple[LimitLevel, ...]:
    """The levels that may decide, the smallest role first: that one decides, the rest stand above.

    Empty where the facts are above everybody's limit. Pure: the promise of one route rests here.
    """
    able = (level for level in levels if covers(level, columns))
    return tuple(sorted(able, key=lambda level: rank(level.role)))


def ladder(levels: Sequence[LimitLevel], category: str) -> list[LimitLevel]:
    """The rows of the category, or those for all others where it has none of its own."""
    own = [level for level in levels if level.category == category]
    chosen = own or [level for level in levels if not level.category]
    return sorted(chosen, key=lambda level: rank(level.role))


@dataclass(frozen=True)
class LimitRoute:
    """The answer of the matrix: the version that was asked, visas first, then who decides."""

    kind: LimitKind
    route: ApprovalRoute
    category: str
    facts: Facts
    visas: tuple[ApprovalRouteStep, ...]
    deciders: tuple[LimitLevel, ...]  # the signer, then the higher levels

    @property
    def signer(self) -> LimitLevel | None:
        """The level that decides; None above everybody's limit."""
        return self.deciders[0] if self.deciders else None

    @property
    def refusal(self) -> str:
        """Why nobody may decide, in a sentence; empty where somebody may."""
        if self.deciders:
            return ""
        return _("This is above everybody's limit: only a new policy can allow it.")

    def is_own(self, user: User) -> bool:
        """Whether it lies within the person's own limit, so that nobody else has to decide."""
        if self.signer is None or not self.kind.own_limit:
            return False
        return rank(user.role) >= rank(self.signer.role)

    @property
    def stored(self) -> dict[str, str]:
        """The facts as JSON keeps them with the approval."""
        facts = {name: str(value) for name, value in self.facts.items()}
        return facts | ({"category": self.category} if self.category else {})


def route_for(kind: str, *, category: str = "", **facts: Decimal | int) -> LimitRoute:
    """The one route for these facts; see the module's docstring.

    Raises KeyError for an unknown kind, TypeError for facts the kind does not have.
    """
    known = limit_kind(kind)
    columns = _columns(known, facts)
    route = ApprovalRoute.objects.prefetch_related("steps", "levels").get(kind=kind, active=True)
    rows = ladder(list(route.levels.all()), category if category in known.categories else "")
    visas = tuple(route.steps.all())
    return LimitRoute(known, route, category, facts, visas, climb(rows, columns))


def signer_of(kind: str, *, category: str = "", **facts: Decimal | int) -> LimitLevel | None:
    """`route_for(…).signer` in one query, where the way there is of no interest."""
    known = limit_kind(kind)
    columns = _columns(known, facts)
    rows = ladder(_levels(kind), category if category in known.categories else "")
    return next(iter(climb(rows, columns)), None)


def _columns(known: LimitKind, facts: Facts) -> dict[str, Decimal | int]:
    names = {measure.name for measure in known.measures}
    if names != set(facts):
        raise TypeError(f"{known.kind!r} is asked with {sorted(names)}, not with {sorted(facts)}")
    return {measure.column: facts[measure.name] for measure in known.measures}


def _levels(kind: str) -> list[LimitLevel]:
    return list(LimitLevel.objects.filter(route__kind=kind, route__active=True))


def limits_of(kind: str, role: str) -> dict[str, dict[str, Any] | None]:
    """How far the role decides, by category («»: all others) in one query.

    Values are the limits by measure (None: without limit), or None where it may not decide.
    """
    known = limit_kind(kind)
    levels = _levels(kind)
    found: dict[str, dict[str, Any] | None] = {}
    for category in ["", *known.categories]:
        level = next((one for one in ladder(levels, category) if one.role == role), None)
        found[category] = (
            None if level is None else {m.name: getattr(level, m.field) for m in known.measures}
        )
    return found


def steps_of(
    found: LimitRoute, *, author: User, org_unit: OrgUnit | None, today: date
) -> list[StepPreview]:
    """Who will sign, with substitutes of today: visas, then the one whose limit covers it.

    Empty where the author decides alone; the last step carries the problem where nobody may.
    """
    steps = [_visa(row, author, org_unit) for row in found.visas]
    if not found.is_own(author):
        steps.append(_decider(found, len(steps) + 1, author, org_unit))
    return routes.with_substitutes(routes.skip_repeated(steps), author, today)


def still_enough(step: ApprovalStep, found: LimitRoute) -> bool:
    """Whether the office of this step may still decide what `found` was asked for today.

    For `on_approved` of kinds whose facts may have changed since the request was sent.
    """
    if found.signer is None:
        return False
    kinds = {unit.value: role for role, unit in UNIT_OF_ROLE.items()}
    role = step.role or (kinds.get(step.unit.kind, "") if step.unit else "")
    return rank(role) >= rank(found.signer.role)


def nobody_needed(steps: Sequence[StepPreview]) -> bool:
    """Whether no step is left for anybody but the author."""
    return all(step.skipped for step in steps)


def _visa(row: ApprovalRouteStep, author: User, org_unit: OrgUnit | None) -> StepPreview:
    """A visa; the author gives none to an own request, also as the only one of the role."""
    step = routes.resolve(row, author=author, org_unit=org_unit)
    if step.problem and row.role == author.role:
        return replace(step, people=(author,), skipped=SkipReason.AUTHOR, problem="")
    return step


def _decider(found: LimitRoute, order: int, author: User, org_unit: OrgUnit | None) -> StepPreview:
    """The first level, from the signer up, that has somebody besides the author."""
    step = StepPreview(order, found.kind.decides, "", None, 2)
    vacant = replace(step, problem=found.refusal)
    for level in found.deciders:
        tried = _office(step, level, author, org_unit)
        if tried is not None and tried.people:
            return tried
        vacant = tried or vacant
    return vacant


def _office(
    step: StepPreview, level: LimitLevel, author: User, org_unit: OrgUnit | None
) -> StepPreview | None:
    """The level as an office: the head of the nearest unit, or the role; managers have none."""
    step = replace(step, due_working_days=level.due_working_days)
    role = Role(level.role)
    if role == Role.MANAGER:
        return None
    if role not in UNIT_OF_ROLE:
        step = replace(step, role=role.value)
        return routes.with_people(step, Q(role=role), author, routes.nobody_of_role(role))
    unit = routes.nearest(UNIT_OF_ROLE[role], org_unit)
    if unit is None:
        return replace(step, problem=routes.no_unit_above(UNIT_OF_ROLE[role]))
    return routes.with_people(
        replace(step, unit=unit), Q(pk=unit.head_id), author, routes.no_head(unit)
    )


__all__ = [
    "COLUMNS",
    "LimitRoute",
    "climb",
    "covers",
    "ladder",
    "limits_of",
    "nobody_needed",
    "rank",
    "route_for",
    "steps_of",
    "still_enough",
]
