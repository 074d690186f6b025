"""What the page of signature limits shows: matrices as tables, their versions, the simulator."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Prefetch
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.accounts.models import OrgUnitKind, Role, User
from crm.approvals import limits
from crm.approvals.limit_kinds import LimitKind, Measure, limit_kinds
from crm.approvals.limits import LimitRoute
from crm.approvals.models import SIGNING_LADDER, ApprovalRoute, LimitLevel, StepKind
from crm.approvals.routes import StepPreview
from crm.money import NBSP, ROUBLE, format_number

VERSIONS = 30


def shown(measure: Measure, value: Decimal | int | None) -> str:
    """A limit in words: «10 %», «5 000 000 ₽», «30 days», «without limit»."""
    if value is None:
        return _("without limit")
    if measure.column == "days":
        return ngettext("%(n)s day", "%(n)s days", int(value)) % {"n": value}
    whole = Decimal(value) == Decimal(value).to_integral_value()
    number = format_number(value, 0 if whole else 2)
    return f"{number}{NBSP}{'%' if measure.column == 'percent' else ROUBLE}"


def office(role: str, unit_kind: str) -> str:
    """Who gives a visa: the role, or the head of a kind of unit."""
    if role:
        return str(Role(role).label)
    return _("Head: %(unit)s") % {"unit": str(OrgUnitKind(unit_kind).label).lower()}


@dataclass(frozen=True)
class Column:
    """One measure in one category; `follows` the limits for all others where it has no own ones."""

    category: str
    label: str
    measure: Measure
    follows: bool = False
    head: str = ""  # the category, above the measures, where a kind has several of both


@dataclass(frozen=True)
class Cell:
    """How far a role decides; without a text it does not decide at all."""

    text: str = ""
    muted: bool = False


@dataclass(frozen=True)
class Matrix:
    """A kind with its table and its visas, as of the version in use."""

    kind: LimitKind
    route: ApprovalRoute
    columns: list[Column]
    lines: list[tuple[str, list[Cell]]]
    visas: list[str]

    @property
    def heads(self) -> list[tuple[Column, int]]:
        """The first column of each category with the number of its columns, if they need a line."""
        several = len(self.kind.measures)
        return [(column, several) for column in self.columns[::several] if column.head]


def matrices() -> list[Matrix]:
    """All kinds in the order of registration."""
    rows = ApprovalRoute.objects.filter(active=True, kind__in=[k.kind for k in limit_kinds()])
    found = {
        r.kind: r for r in rows.select_related("created_by").prefetch_related("steps", "levels")
    }
    return [_matrix(kind, found[kind.kind]) for kind in limit_kinds() if kind.kind in found]


def _matrix(kind: LimitKind, route: ApprovalRoute) -> Matrix:
    levels = list(route.levels.all())
    columns = list(_columns(kind, {level.category for level in levels}))
    by_category = {c.category: limits.ladder(levels, c.category) for c in columns}
    roles = {level.role for ladder in by_category.values() for level in ladder}
    lines = [
        (str(role.label), [_cell(column, by_category[column.category], role) for column in columns])
        for role in SIGNING_LADDER
        if role.value in roles
    ]
    visas = [office(step.role, step.unit_kind) for step in route.steps.all()]
    return Matrix(kind, route, columns, lines, visas)


def _columns(kind: LimitKind, own: set[str]) -> Iterable[Column]:
    if not kind.categories:
        yield from (Column("", str(measure.label), measure) for measure in kind.measures)
        return
    for code, word in [*kind.categories.items(), ("", _("All others"))]:
        head = str(word)[:1].upper() + str(word)[1:]
        if len(kind.measures) == 1:
            yield Column(code, head, kind.measures[0], code not in own)
            continue
        for measure in kind.measures:
            yield Column(code, str(measure.label), measure, code not in own, head)


def _cell(column: Column, ladder: list[LimitLevel], role: str) -> Cell:
    level = next((level for level in ladder if level.role == role), None)
    if level is None:
        return Cell()
    text = shown(column.measure, getattr(level, column.measure.field))
    return Cell(text, column.follows)


@dataclass(frozen=True)
class Version:
    """A version of the limits: who made it, when, and what it changed."""

    number: int
    at: datetime
    by: User | None
    changes: list[str]


def versions(kind: LimitKind) -> list[Version]:
    """The last versions, newest first, each with its differences to the one before."""
    rows = ApprovalRoute.objects.filter(kind=kind.kind).select_related("created_by")
    rows = rows.prefetch_related("steps", Prefetch("levels", LimitLevel.objects.order_by("pk")))
    routes = list(rows.order_by("-version")[: VERSIONS + 1])
    facts = [_facts(kind, route) for route in routes]
    return [
        Version(route.version, route.created_at, route.created_by, _changes(facts, place))
        for place, route in enumerate(routes[:VERSIONS])
    ]


def _facts(kind: LimitKind, route: ApprovalRoute) -> dict[str, str]:
    """Everything that a version says, by the words of its place."""
    found = {}
    for level in route.levels.all():
        where = str(kind.categories.get(level.category, "")) if level.category else ""
        for measure in kind.measures:
            words = [where, str(Role(level.role).label), str(measure.label)]
            found[" · ".join(filter(None, words))] = shown(measure, getattr(level, measure.field))
        words = [where, str(Role(level.role).label), _("working days to decide")]
        found[" · ".join(filter(None, words))] = str(level.due_working_days)
    visas = [office(step.role, step.unit_kind) for step in route.steps.all()]
    found[_("Endorsements")] = " → ".join(visas) or _("none")
    return found


def _changes(facts: list[dict[str, str]], place: int) -> list[str]:
    if place + 1 >= len(facts):
        return []
    after, before = facts[place], facts[place + 1]
    dash = "—"
    places = [*after, *(where for where in before if where not in after)]
    return [
        f"{where}: {before.get(where, dash)} → {after.get(where, dash)}"
        for where in places
        if before.get(where) != after.get(where)
    ]


@dataclass(frozen=True)
class Simulation:
    """Who would sign: the steps with people where the author is known, else the offices."""

    found: LimitRoute
    author: User | None = None
    steps: list[StepPreview] = field(default_factory=list)
    is_own: bool = False

    @property
    def offices(self) -> list[tuple[str, str]]:
        """The steps by office: how and who."""
        visas = [
            (str(StepKind.VISA.label), office(step.role, step.unit_kind))
            for step in self.found.visas
        ]
        if self.found.signer is None:
            return visas
        signer = str(Role(self.found.signer.role).label)
        return [*visas, (str(StepKind(self.found.kind.decides).label), signer)]

    @property
    def limit(self) -> str:
        """Up to where the one who decides may go."""
        level = self.found.signer
        if level is None:
            return ""
        parts = [
            f"{measure.label}: {shown(measure, getattr(level, measure.field))}"
            for measure in self.found.kind.measures
        ]
        return ", ".join(parts)


def simulate(
    kind: str, facts: Mapping[str, Any], *, category: str, author: User | None, today: date
) -> Simulation:
    """The answer of the matrix for these facts, and the people if the author is given."""
    found = limits.route_for(kind, category=category, **facts)
    if author is None:
        return Simulation(found)
    steps = limits.steps_of(found, author=author, org_unit=author.org_unit, today=today)
    return Simulation(found, author, steps, found.is_own(author))
