"""The register of issued originals."""

from __future__ import annotations

from typing import Any

import django_filters as filters
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.accounts.models import User
from crm.lists import ALL, Column, Kind, ListSpec, each_of
from crm.originals.models import IssuedOriginal, OriginalKind
from crm.shell.templatetags.shell import status_chip

STATES = (
    ("out", gettext_lazy("Held")),
    ("overdue", gettext_lazy("Overdue")),
    ("returned", gettext_lazy("Returned")),
)


def in_state(rows: Any, _name: str, state: str) -> Any:
    """Held, held too long, or returned."""
    if state == "returned":
        return rows.exclude(returned_on=None)
    return rows.out() if state == "out" else rows.overdue(timezone.localdate())


def state_of(row: IssuedOriginal) -> tuple[str, str]:
    """In words and tone, where it is."""
    if not row.is_out:
        return _("returned"), "neutral"
    late = (timezone.localdate() - row.return_due).days
    if late > 0:
        return _("overdue by %(days)s d") % {"days": late}, "danger"
    return _("held"), "info"


def state_chip(row: IssuedOriginal) -> str:
    """The same as a chip."""
    words, tone = state_of(row)
    return status_chip(capfirst(words), tone)


def colleagues(request: Any) -> Any:
    """Who may hold one."""
    return User.objects.visible_to(request.user).order_by("sort_key", "pk")


class OriginalFilter(filters.FilterSet):
    """By state, kind and holder."""

    state = filters.ChoiceFilter(label=gettext_lazy("State"), choices=STATES, method=in_state)
    kind = filters.ChoiceFilter(label=gettext_lazy("Kind"), choices=OriginalKind.choices)
    holder = filters.ModelChoiceFilter(label=gettext_lazy("Who holds it"), queryset=colleagues)

    class Meta:
        model = IssuedOriginal
        fields = ()


ORIGINALS = ListSpec(
    name="originals",
    model=IssuedOriginal,
    title=gettext_lazy("Issued documents"),
    columns=[
        Column("item", gettext_lazy("What"), value=str, link=True, sort="item"),
        Column("kind", gettext_lazy("Kind"), filter="kind"),
        Column(
            "holder",
            gettext_lazy("Who holds it"),
            value="holder.short_name",
            sort="holder__sort_key",
            filter="holder",
            filter_value="holder_id",
        ),
        Column("issued_on", gettext_lazy("Given out"), kind=Kind.DATE, sort="issued_on"),
        Column("return_due", gettext_lazy("To be returned"), kind=Kind.DATE, sort="return_due"),
        Column(
            "state", gettext_lazy("State"), value=lambda row: state_of(row)[0], render=state_chip
        ),
        Column("returned_on", gettext_lazy("Returned"), kind=Kind.DATE),
        Column("issued_by", gettext_lazy("Given out by"), value="issued_by.short_name"),
        Column("received_by", gettext_lazy("Taken back by"), value="received_by.short_name"),
        Column("note", gettext_lazy("Note")),
    ],
    default_sort="return_due",
    default_columns=["item", "kind", "holder", "issued_on", "return_due", "state", "issued_by"],
    filters=OriginalFilter,
    search=lambda rows, text: (
        rows.filter(item__icontains=text) | rows.filter(number__icontains=text)
    ),
    search_hint=gettext_lazy("Name or number"),
    views=[*each_of("state", STATES), ALL],
    page_template="originals/list.html",
)
