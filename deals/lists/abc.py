"""The results of the last ABC analysis as a list, and the page around it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import django_filters as filters
from django.db.models import Count, F, QuerySet, Sum
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_filters.widgets import BooleanWidget

from clients.filters.clients import manager_choices
from clients.models import ClientCategory
from crm.accounts.models import User
from crm.lists import Column, Kind, ListSpec
from crm.money import round_half_up
from crm.shell.templatetags.shell import category_badge, icon
from deals import permissions
from deals.abc.rules import direction, steps
from deals.models import AbcResult, AbcRun
from deals.pages.abc_chart import chosen_ranks, pareto

NONE = "none"


def by_assigned(rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
    return rows.filter(assigned=None if value == NONE else value)


def by_difference(rows: Any, name: str, value: bool) -> Any:
    return rows.disagreeing() if value else rows


def by_direction(rows: Any, name: str, value: str) -> Any:
    """Towards A is up; letters grow the other way."""
    differs = rows.disagreeing()
    if value == "up":
        return differs.filter(category__lt=F("assigned"))
    return differs.filter(category__gt=F("assigned"))


class AbcFilter(filters.FilterSet):
    """Filters of the results."""

    differs = filters.BooleanFilter(
        label=gettext_lazy("Assigned is not calculated"),
        method=by_difference,
        widget=BooleanWidget,
    )
    direction = filters.ChoiceFilter(
        label=gettext_lazy("Direction"),
        method=by_direction,
        choices=[("up", gettext_lazy("up")), ("down", gettext_lazy("down"))],
    )
    category = filters.ChoiceFilter(
        label=gettext_lazy("Calculated"), choices=ClientCategory.choices
    )
    assigned = filters.ChoiceFilter(
        label=gettext_lazy("Assigned"),
        method=by_assigned,
        choices=[*ClientCategory.choices, (NONE, gettext_lazy("No category"))],
    )
    manager = filters.ChoiceFilter(
        label=gettext_lazy("Manager"), field_name="client__manager", choices=manager_choices
    )

    class Meta:
        model = AbcResult
        fields = ("category",)


def direction_words(result: AbcResult) -> str:
    """Up or down and over how many borders; empty where both agree."""
    if not result.assigned or result.assigned == result.category:
        return ""
    where = direction(result.assigned, result.category)
    words = _("up") if where == "up" else _("down")
    return f"{words}, {steps(result.assigned, result.category)}"


def direction_cell(result: AbcResult) -> str:
    """The direction with an arrow beside its word."""
    words = direction_words(result)
    if not words:
        return ""
    assert result.assigned is not None
    up = direction(result.assigned, result.category) == "up"
    return format_html("<span>{} {}</span>", icon("arrow-up" if up else "arrow-down"), words)


RESULTS = ListSpec(
    name="abc",
    model=AbcResult,
    title=gettext_lazy("ABC analysis"),
    columns=[
        Column(
            "client",
            gettext_lazy("Client"),
            value="client.name",
            sort="client__sort_key",
            link=True,
        ),
        Column("rank", gettext_lazy("Place"), sort="rank"),
        Column(
            "net_amount",
            gettext_lazy("Net shipments"),
            kind=Kind.MONEY,
            sort="net_amount",
            total=True,
        ),
        Column(
            "share",
            gettext_lazy("Share"),
            kind=Kind.PERCENT,
            value=lambda result: round_half_up(result.share),
            sort="share",
        ),
        Column(
            "cumulative",
            gettext_lazy("Cumulative share"),
            kind=Kind.PERCENT,
            value=lambda result: round_half_up(result.cumulative),
            sort="cumulative",
        ),
        Column(
            "category",
            gettext_lazy("Calculated"),
            sort="category",
            filter="category",
            render=lambda result: category_badge(result.category),
        ),
        Column(
            "assigned",
            gettext_lazy("Assigned"),
            sort="assigned",
            filter="assigned",
            filter_value=lambda result: result.assigned or NONE,
            render=lambda result: category_badge(result.assigned),
        ),
        Column(
            "direction",
            gettext_lazy("Direction, borders"),
            value=direction_words,
            render=direction_cell,
            help=gettext_lazy("Where the calculation points, and over how many borders"),
        ),
        Column(
            "is_proposed",
            gettext_lazy("Request"),
            value=lambda result: _("on its way") if result.is_proposed else "",
            help=gettext_lazy("A change of category waits for a decision or for its day"),
        ),
        Column(
            "manager",
            gettext_lazy("Manager"),
            value="client.manager.short_name",
            sort="client__manager__sort_key",
            filter="manager",
            filter_value="client.manager_id",
        ),
    ],
    default_sort="rank",
    filters=AbcFilter,
    export_name="abc",
    row_url=lambda result: reverse("clients:detail", args=[result.client_id]),
    page_template="deals/abc.html",
    empty_template="deals/_abc_none.html",
)
PROPOSED = replace(RESULTS, bulk_template="deals/_abc_bulk.html")


@dataclass(frozen=True)
class Cell:
    """How many clients have this assigned and that calculated category."""

    count: int
    url: str
    agrees: bool


@dataclass(frozen=True)
class AbcPage:
    """What stands above the list; each part is counted when it is shown."""

    run: AbcRun | None
    user: User

    @property
    def rows(self) -> Any:
        """Visible results of the run."""
        seen = AbcResult.objects.visible_to(self.user)
        return seen.filter(run=self.run) if self.run else seen.none()

    @property
    def may_run(self) -> bool:
        return permissions.can_run_abc(self.user)

    @cached_property
    def differing(self) -> int:
        return int(self.rows.disagreeing().count())

    @cached_property
    def matrix(self) -> list[tuple[str | None, list[Cell]]]:
        """Assigned by calculated."""
        rows = self.rows.order_by().values_list("assigned", "category")
        counts = {(a, c): n for a, c, n in rows.annotate(n=Count("pk"))}
        return [
            (
                assigned,
                [
                    Cell(
                        counts.get((assigned, letter), 0),
                        f"?assigned={assigned or NONE}&category={letter}",
                        assigned == letter,
                    )
                    for letter in ClientCategory.values
                ],
            )
            for assigned in (*ClientCategory.values, None)
        ]

    @cached_property
    def by_category(self) -> list[tuple[str, int, Any]]:
        """Clients and net shipments of each calculated category."""
        rows = self.rows.order_by("category").values_list("category")
        return list(rows.annotate(n=Count("pk"), total=Sum("net_amount")))

    @cached_property
    def chart(self) -> Any:
        """The Pareto curve of the company."""
        assert self.run is not None
        wanted = chosen_ranks(self.run.clients_count)
        rows = AbcResult.objects.filter(run=self.run, rank__in=wanted).order_by("rank")
        points = list(rows.values_list("rank", "cumulative"))
        return pareto(points, self.run.share_a, self.run.share_b)


def spec_for(user: User) -> ListSpec:
    """Rows can be chosen by those who may propose."""
    return PROPOSED if permissions.can_run_abc(user) else RESULTS
