"""What narrows the registers of leads, scores and campaigns; reports link to these names."""

from __future__ import annotations

from typing import Any, ClassVar

import django_filters as filters
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clients.filters.clients import (
    NONE,
    SeveralFilter,
    YesNoFilter,
    by_unit,
    manager_choices,
    unit_choices,
)
from clients.filters.contacts import DayFilter
from clients.models import (
    Lead,
    LeadState,
    ReliabilityGrade,
    ReliabilityScore,
    SearchCampaign,
    SearchChannel,
)

STEPS = (("running", _("Running")), ("planned", _("Planned")), ("over", _("Over")))


def _words(column: str) -> Any:
    """Choices of a column that people type: what is there, and nothing."""

    def choices() -> list[tuple[str, str]]:
        found = Lead.objects.exclude(**{column: ""}).order_by(column)
        words = found.values_list(column, flat=True).distinct()[:300]
        return [(NONE, _now("not set")), *((word, word) for word in words)]

    return choices


def _by_word(rows: Any, name: str, value: str) -> Any:
    return rows.filter(**{name: "" if value == NONE else value})


def _by_grade(rows: Any, _name: str, values: list[str]) -> Any:
    """By the score in force, none yet among them."""
    if not values:
        return rows
    current = ReliabilityScore.objects.current().filter(lead=OuterRef("pk"))
    condition = Exists(current.filter(grade__in=values))
    return rows.filter(condition | ~Exists(current) if NONE in values else condition)


def _grades() -> list[tuple[str, Any]]:
    return [*ReliabilityGrade.choices, (NONE, _now("not scored"))]


def _by_manager(rows: Any, name: str, value: str) -> Any:
    return rows.none() if value == NONE else rows.filter(manager=int(value))


class LeadFilter(filters.FilterSet):
    """What narrows the leads."""

    todo = YesNoFilter(label=pgettext_lazy("leads", "To do"), method="by_todo")
    mine = YesNoFilter(label=_("Mine"), method="by_me")
    open = YesNoFilter(label=_("In work"), method="by_openness")
    state = SeveralFilter(label=_("State"), choices=LeadState.choices)
    grade = SeveralFilter(label=_("Reliability"), choices=_grades, method=_by_grade)
    channel = filters.ModelChoiceFilter(
        label=_("Search channel"), queryset=lambda request: SearchChannel.objects.all()
    )
    campaign = filters.ModelChoiceFilter(
        label=_("Search campaign"), queryset=lambda request: SearchCampaign.objects.all()
    )
    without_campaign = YesNoFilter(
        label=_("Without a campaign"), field_name="campaign", lookup_expr="isnull"
    )
    segment = filters.ChoiceFilter(label=_("Segment"), choices=_words("segment"), method=_by_word)
    territory = filters.ChoiceFilter(
        label=_("Territory"), choices=_words("territory"), method=_by_word
    )
    manager = filters.ChoiceFilter(label=_("Manager"), choices=manager_choices, method=_by_manager)
    unit = filters.ChoiceFilter(
        label=_("Unit with those below"), choices=unit_choices, method=by_unit
    )
    found_from = DayFilter(label=_("Found, from"), field_name="found_on", lookup_expr="gte")
    found_to = DayFilter(label=_("Found, to"), field_name="found_on", lookup_expr="lte")

    class Meta:
        model = Lead
        fields: ClassVar[list[str]] = []

    def by_todo(self, rows: Any, _name: str, value: bool) -> Any:
        """The next step is due, or none is planned."""
        due = rows.due(timezone.localdate())
        return due if value else rows.exclude(pk__in=due.values("pk"))

    def by_me(self, rows: Any, _name: str, value: bool) -> Any:
        """Of the person who looks."""
        mine = rows.of(self.request.user)
        return mine if value else rows.exclude(pk__in=mine.values("pk"))

    def by_openness(self, rows: Any, _name: str, value: bool) -> Any:
        """Whether somebody works on it."""
        opened = rows.open()
        return opened if value else rows.exclude(pk__in=opened.values("pk"))


class ScoreFilter(filters.FilterSet):
    """What narrows the scores."""

    grade = SeveralFilter(label=_("Grade"), choices=ReliabilityGrade.choices)
    past = YesNoFilter(label=_("To be checked again"), method="by_term")
    lead = YesNoFilter(label=_("Of leads"), method="by_kind")

    class Meta:
        model = ReliabilityScore
        fields: ClassVar[list[str]] = []

    def by_term(self, rows: Any, _name: str, value: bool) -> Any:
        """The last day has gone by."""
        past = rows.past(timezone.localdate())
        return past if value else rows.exclude(pk__in=past.values("pk"))

    def by_kind(self, rows: Any, _name: str, value: bool) -> Any:
        """Of leads, or of clients."""
        return rows.filter(client=None) if value else rows.exclude(client=None)


class CampaignFilter(filters.FilterSet):
    """What narrows the campaigns."""

    step = filters.ChoiceFilter(label=_("Step"), choices=STEPS, method="by_step")
    channel = filters.ModelChoiceFilter(
        label=_("Search channel"), queryset=lambda request: SearchChannel.objects.all()
    )
    begun_from = DayFilter(label=_("First day, from"), field_name="starts_on", lookup_expr="gte")
    begun_to = DayFilter(label=_("First day, to"), field_name="starts_on", lookup_expr="lte")

    class Meta:
        model = SearchCampaign
        fields: ClassVar[list[str]] = []

    def by_step(self, rows: Any, _name: str, step: str) -> Any:
        """By its days."""
        today = timezone.localdate()
        if step == "running":
            return rows.filter(starts_on__lte=today, ends_on__gte=today)
        return (
            rows.filter(starts_on__gt=today)
            if step == "planned"
            else rows.filter(ends_on__lt=today)
        )
