"""The register of the library."""

from __future__ import annotations

from typing import Any

import django_filters as filters
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.accounts.models import OrgUnit
from crm.library.models import DocumentKind, PolicyDocument
from crm.lists import ALL, Column, Kind, ListSpec, View
from crm.shell.templatetags.shell import status_chip

STEPS = (
    ("standing", gettext_lazy("In force")),
    ("waiting", gettext_lazy("For me to acknowledge")),
    ("drafts", gettext_lazy("Being written")),
    ("withdrawn", gettext_lazy("Withdrawn")),
)


def by_step(rows: Any, _name: str, step: str) -> Any:
    """In force, waiting for the reader, being written or withdrawn."""
    if step == "standing":
        return rows.standing(timezone.localdate())
    if step == "waiting":
        return rows.filter(is_waiting=True)
    return rows.filter(has_draft=True) if step == "drafts" else rows.exclude(withdrawn_on=None)


def units(request: Any) -> Any:
    """The tree."""
    return OrgUnit.objects.visible_to(request.user).order_by("path")


def state_of(row: PolicyDocument) -> tuple[str, str]:
    """In words and tone, where the document stands for the reader."""
    shown: Any = row
    if row.withdrawn_on is not None:
        return _("Withdrawn"), "neutral"
    if shown.in_force_number is None:
        return _("Not in force yet"), "neutral"
    if shown.is_waiting:
        return _("To be acknowledged"), "warning"
    if shown.read_at is not None:
        day = date_format(timezone.localtime(shown.read_at), "d.m.Y")
        return _("Acknowledged on %(day)s") % {"day": day}, "success"
    return _("In force"), "info"


def order_of(row: PolicyDocument) -> str:
    """Number and day of the order by which it holds."""
    shown: Any = row
    if not shown.in_force_order_no:
        return ""
    return f"№ {shown.in_force_order_no} от {shown.in_force_order_on:%d.%m.%Y}"


def saying(rows: Any, text: str) -> Any:
    """By words of the title or of the text in force."""
    return rows.saying(text, timezone.localdate())


class DocumentFilter(filters.FilterSet):
    """By step, kind and unit."""

    step = filters.ChoiceFilter(label=gettext_lazy("Step"), choices=STEPS, method=by_step)
    kind = filters.ChoiceFilter(label=gettext_lazy("Kind"), choices=DocumentKind.choices)
    unit = filters.ModelChoiceFilter(label=gettext_lazy("Kept by the unit"), queryset=units)

    class Meta:
        model = PolicyDocument
        fields = ()


DOCUMENTS = ListSpec(
    name="library",
    model=PolicyDocument,
    title=gettext_lazy("Library"),
    columns=[
        Column("title", gettext_lazy("Title"), link=True, sort="title"),
        Column("kind", gettext_lazy("Kind"), filter="kind", sort="kind"),
        Column(
            "state",
            gettext_lazy("State"),
            value=lambda row: state_of(row)[0],
            render=lambda row: status_chip(*state_of(row)),
        ),
        Column("number", gettext_lazy("Version"), value="in_force_number", kind=Kind.NUMBER),
        Column(
            "effective_from",
            gettext_lazy("In force from"),
            value="in_force_effective_from",
            kind=Kind.DATE,
        ),
        Column("order", gettext_lazy("By the order"), value=order_of, kind=Kind.TEXT),
        Column(
            "unit",
            gettext_lazy("Kept by the unit"),
            value="unit.name",
            filter="unit",
            filter_value="unit_id",
        ),
    ],
    default_sort="title",
    filters=DocumentFilter,
    search=saying,
    search_hint=gettext_lazy("Words of the title or the text"),
    views=[
        View(gettext_lazy("In force"), "step=standing"),
        View(gettext_lazy("For me to acknowledge"), "step=waiting"),
        View(gettext_lazy("Job descriptions"), "step=standing&kind=job_description"),
        View(gettext_lazy("Being written"), "step=drafts"),
        ALL,
    ],
    page_template="library/document_list.html",
    empty_template="library/_document_none.html",
)
