"""Filters of the register of reconciliations; schedules and the board link to them."""

from __future__ import annotations

from typing import Any

import django_filters as filters
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_filters.fields import ModelChoiceField

from clients.filters.clients import NONE, SeveralFilter, YesNoFilter, manager_choices
from clients.filters.contacts import DayFilter
from deals.filters.documents import OfClientFilter
from deals.models import (
    EmergencyReason,
    ItemKind,
    ItemState,
    ReconciliationItem,
    ReconciliationSchedule,
)

STEPS = (
    ("now", _("Not finished, up to this half-year")),
    ("send", _("To be sent")),
    ("client", _("With the client")),
    ("late", _("Late")),
    ("open", _("Not finished")),
    ("standing", _("Not cancelled")),
)
IN_TIME = (("sent", _("Sent on time")), ("signed", _("Signed on time")))


def by_step(rows: Any, name: str, step: str) -> Any:
    """How far they are; drafts of schedules are nobody's work yet."""
    if step == "now":
        return rows.now(timezone.localdate())
    if step == "late":
        return rows.late(timezone.localdate())
    if step == "standing":
        return rows.standing()
    return {"send": rows.to_send, "client": rows.with_client, "open": rows.open}[step]()


def by_punctuality(rows: Any, name: str, values: list[str]) -> Any:
    """Sent or signed by its last day."""
    for value in values:
        rows = rows.sent_in_time() if value == "sent" else rows.signed_in_time()
    return rows


def by_answerer(rows: Any, name: str, value: str) -> Any:
    """Who answers for it: kept at its end, else the client's manager of today."""
    if value == NONE:
        return rows.filter(manager=None, client__manager=None)
    return rows.filter(answered_by(int(value)))


def answered_by(pk: int) -> Q:
    """The person answers for it."""
    return Q(manager=pk) | Q(manager=None, client__manager=pk)


class ScheduleField(ModelChoiceField):
    """Schedules of several departments bear the same name."""

    def label_from_instance(self, obj: ReconciliationSchedule) -> str:
        return f"{obj}, {obj.org_unit}"


class ScheduleFilter(filters.ModelChoiceFilter):
    """Of which schedule."""

    field_class = ScheduleField


def visible_schedules(request: Any) -> Any:
    """Schedules that the person may filter by."""
    return ReconciliationSchedule.objects.visible_to(request.user).select_related("org_unit")


class ReconciliationFilter(OfClientFilter):
    """What narrows the register."""

    manager = filters.ChoiceFilter(label=_("Manager"), choices=manager_choices, method=by_answerer)
    mine = YesNoFilter(label=_("Mine"), method="by_me")
    step = filters.ChoiceFilter(label=_("Step"), choices=STEPS, method=by_step)
    state = SeveralFilter(label=_("State"), choices=ItemState.choices)
    kind = filters.ChoiceFilter(label=_("Kind"), choices=ItemKind.choices)
    reason = SeveralFilter(label=_("Reason"), choices=EmergencyReason.choices)
    schedule = ScheduleFilter(label=_("Schedule"), queryset=visible_schedules)
    in_time = SeveralFilter(label=_("On time"), choices=IN_TIME, method=by_punctuality)
    as_of_from = DayFilter(label=_("As of, from"), field_name="as_of", lookup_expr="gte")
    as_of_to = DayFilter(label=_("As of, to"), field_name="as_of", lookup_expr="lte")
    send_from = DayFilter(label=_("Send by, from"), field_name="send_by", lookup_expr="gte")
    send_to = DayFilter(label=_("Send by, to"), field_name="send_by", lookup_expr="lte")
    sign_from = DayFilter(label=_("Sign by, from"), field_name="sign_by", lookup_expr="gte")
    sign_to = DayFilter(label=_("Sign by, to"), field_name="sign_by", lookup_expr="lte")
    signed_from = DayFilter(label=_("Signed from"), field_name="signed_on", lookup_expr="gte")

    class Meta(OfClientFilter.Meta):
        model = ReconciliationItem

    def by_me(self, rows: Any, _name: str, value: bool) -> Any:
        """The person who looks answers for it."""
        mine = answered_by(self.request.user.pk)
        return rows.filter(mine) if value else rows.exclude(mine)
