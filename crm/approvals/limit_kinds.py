"""Kinds of decisions that a limit matrix answers; apps register theirs in AppConfig.ready().

    limit_kinds.register(LimitKind(
        kind="discount", label=_("Discount"), measures=(DISCOUNT,), categories=CATEGORIES,
        defaults=(Level(Role.MANAGER, percent="3"), …),
    ))

A measure is one fact that the caller of `limits.route_for` must give by its name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.functional import Promise

from crm.approvals.models import StepKind
from crm.approvals.registry import RouteStep
from crm.declaring import declare

Text = str | Promise
COLUMNS = ("amount", "percent", "days")


@dataclass(frozen=True)
class Measure:
    """A fact of a kind: `name` in calls, `column` where its limit stands, words and unit."""

    name: str
    column: str
    label: Text
    unit: Text = ""

    @property
    def field(self) -> str:
        """The column of `LimitLevel`."""
        return f"max_{self.column}"


@dataclass(frozen=True)
class Level:
    """A row of the matrix that an installation starts with; None means without limit."""

    role: str
    amount: str | None = None
    percent: str | None = None
    days: int | None = None
    category: str = ""

    @property
    def limits(self) -> dict[str, Decimal | int | None]:
        """Values of the columns."""
        return {
            "max_amount": None if self.amount is None else Decimal(self.amount),
            "max_percent": None if self.percent is None else Decimal(self.percent),
            "max_days": self.days,
        }


@dataclass(frozen=True, kw_only=True)
class LimitKind:
    """What a matrix is about: its facts, its visas, and the rows it starts with."""

    kind: str
    label: Text
    measures: tuple[Measure, ...]
    defaults: tuple[Level, ...]
    visas: tuple[RouteStep, ...] = ()
    icon: str = "signature"
    help: Text = ""
    # Codes and words of the categories with limits of their own; empty: one ladder for all.
    categories: Mapping[str, Text] = field(default_factory=dict)
    decides: str = StepKind.APPROVE
    # What lies within the author's own limit needs nobody else; False: always four eyes.
    own_limit: bool = True


_kinds: dict[str, LimitKind] = {}


def register(kind: LimitKind) -> None:
    """Let `limits.route_for` answer for the kind."""
    declare(_kinds, kind.kind, kind)


def limit_kind(name: str) -> LimitKind:
    """One kind; KeyError for an unknown one."""
    return _kinds[name]


def limit_kinds() -> list[LimitKind]:
    """All kinds in the order of registration."""
    return list(_kinds.values())
