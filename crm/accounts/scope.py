"""Who sees what: the one function that every `visible_to` is built on (C.0, C.9)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from crm.accounts.models import HEADS, SALES, Delegation, OrgUnit, Role, User
from crm.accounts.querysets import names_of
from crm.sql import Blank, Kept, Statement, maker

SEES_ALL = frozenset({Role.DIRECTOR, Role.GENERAL_DIRECTOR, Role.ACCOUNTANT, Role.LAWYER})
SEES_ALL_LIMITED = frozenset({Role.MARKETER, Role.LOGISTICS})
OWNERS = SALES
SUBSTITUTED = frozenset({*OWNERS, Role.DIRECTOR})
HELD = ("id", "covers_clients", "covers_decisions", "valid_to", *names_of("owner"), "owner__role")
_kept, _DAY, _DELEGATE = Kept(), Blank(), Blank()


@dataclass(frozen=True)
class Part:
    """What one person sees by role and place, without substitution."""

    person_id: int
    everything: bool = False
    limited: bool = False
    unit_ids: frozenset[int] = frozenset()
    owns_clients: bool = False

    def covers(self, manager_id: int | None, unit_id: int | None) -> bool:
        """Whether a client of this manager and unit is seen."""
        return (
            self.everything
            or (self.owns_clients and manager_id == self.person_id)
            or unit_id in self.unit_ids
        )


@dataclass(frozen=True)
class Scope:
    """What a person sees on a day: the own part and the parts of those substituted."""

    own: Part | None = None
    substituted: tuple[Part, ...] = ()

    @property
    def parts(self) -> tuple[Part, ...]:
        return (self.own, *self.substituted) if self.own else ()

    @property
    def everything(self) -> bool:
        return any(part.everything for part in self.parts)

    @property
    def limited_fields(self) -> bool:
        """Marketing and logistics: nothing personal and no money, also when substituting."""
        return any(part.limited for part in self.parts)

    @property
    def unit_ids(self) -> frozenset[int]:
        return frozenset().union(*(part.unit_ids for part in self.parts))

    @property
    def key(self) -> tuple[bool, frozenset[int], frozenset[int]]:
        """The same for people who see the same clients."""
        return (self.everything, self.unit_ids, self.manager_ids)

    @property
    def manager_ids(self) -> frozenset[int]:
        return frozenset(part.person_id for part in self.parts if part.owns_clients)

    @property
    def is_empty(self) -> bool:
        """No client is seen."""
        return not (self.everything or self.unit_ids or self.manager_ids)

    @property
    def substituted_ids(self) -> frozenset[int]:
        return frozenset(part.person_id for part in self.substituted)


def scope_of(user: User, today: date | None = None) -> Scope:
    """The scope of the person and of those the person substitutes; closed by default.

    An unknown role, an inactive user and a head without a unit see nothing. A substitute sees what
    the absent person sees from the first to the last day, both inclusive (DELEG-1).
    """
    day = today or timezone.localdate()
    cached: tuple[date, Scope] | None = getattr(user, "_scope", None)
    if cached is not None and cached[0] == day:
        return cached[1]
    scope = _compute(user, day)
    user._scope = (day, scope)  # type: ignore[attr-defined]
    return scope


def units_below(user: User) -> frozenset[int]:
    """Units that the person heads, also as a substitute, with everything below them."""
    scope = scope_of(user)
    return frozenset() if scope.own is None else scope.unit_ids


def all_seeing() -> User:
    """Nobody's person that sees everything: the command line, where no one is named.

    It has no row, so it can neither sign in nor be written anywhere.
    """
    person = User(username="", role=Role.GENERAL_DIRECTOR, is_active=True)
    scope = Scope(Part(person_id=0, everything=True))
    person._scope = (timezone.localdate(), scope)  # type: ignore[attr-defined]
    return person


def acting_for(
    user: User, *, manager_id: int | None, unit_id: int | None, today: date | None = None
) -> User | None:
    """The absent person on whose behalf `user` touches a client of this manager and unit.

    None when the person's own scope covers the client: then nobody is substituted. Goes into
    `verb(…, on_behalf_of=…)`, so that the history keeps both names (DELEG-1).
    """
    scope = scope_of(user, today)
    if scope.own is None or scope.own.covers(manager_id, unit_id):
        return None
    covering = [part for part in scope.substituted if part.covers(manager_id, unit_id)]
    owners = sorted(covering, key=lambda part: part.person_id != manager_id)
    return User.objects.get(pk=owners[0].person_id) if owners else None


def _compute(user: User, day: date) -> Scope:
    if user.pk is None or not user.is_active:
        return Scope()
    people = [(user.pk, user.role), *_substituted(user, day)]
    units = _units_of([pk for pk, role in people if role in HEADS])
    own, *substituted = [_part(pk, role, units.get(pk, frozenset())) for pk, role in people]
    return Scope(own, tuple(substituted))


def held_by(user: User, day: date) -> list[Delegation]:
    """Substitutions of working people in force on the day, in the order they were entered.

    With the names of the absent person: one query per user object and day, whoever asks.
    """
    cached: tuple[date, list[Delegation]] | None = getattr(user, "_held", None)
    if cached is not None and cached[0] == day:
        return cached[1]
    statement: Statement = _kept.get("held", _held)
    rows = statement.filled(_DAY, day).filled(_DELEGATE, user.pk).rows()
    held: list[Delegation] = list(map(maker(Delegation, HELD), rows))
    user._held = (day, held)  # type: ignore[attr-defined]
    return held


def _held() -> Statement:
    held = Delegation.objects.on(_DAY.expression).filter(
        delegate=_DELEGATE.expression, owner__is_active=True
    )
    return Statement.of(held.order_by("pk").values_list(*HELD))


def _substituted(user: User, day: date) -> list[tuple[int, str]]:
    """Keys and roles of the absent people whose clients are seen."""
    people = [row.owner for row in held_by(user, day) if row.covers_clients]
    seen = {(one.pk, one.role) for one in people if one.role in SUBSTITUTED}
    return sorted(seen)


def _part(person_id: int, role: str, unit_ids: frozenset[int]) -> Part:
    limited = role in SEES_ALL_LIMITED
    return Part(
        person_id=person_id,
        everything=limited or role in SEES_ALL,
        limited=limited,
        unit_ids=unit_ids,
        owns_clients=role in OWNERS,
    )


def _units_of(head_ids: Iterable[int]) -> dict[int, frozenset[int]]:
    """Open units headed by each person, with everything below them: the whole tree is one query."""
    wanted = set(head_ids)
    if not wanted:
        return {}
    tree = list(OrgUnit.objects.order_by().values_list("pk", "path", "head", "archived_at"))
    headed = [(pk, head) for pk, _path, head, archived in tree if head in wanted and not archived]
    found: dict[int, set[int]] = {}
    for pk, path, _head, _archived in tree:
        above = set(path.split("/"))
        for unit_id, head_id in headed:
            if pk == unit_id or str(unit_id) in above:
                found.setdefault(head_id, set()).add(pk)
    return {head_id: frozenset(ids) for head_id, ids in found.items()}
