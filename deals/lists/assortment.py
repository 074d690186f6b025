"""The register of assortment matrices."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.lists import Column, Kind, ListSpec
from crm.shell.templatetags.shell import category_badge, status_chip
from deals.models import AssortmentMatrix


def channel_cell(matrix: AssortmentMatrix) -> str:
    """The channel in words."""
    return matrix.channel or _("Any channel")


def category_cell(matrix: AssortmentMatrix) -> str:
    """The category, or that it is for all."""
    return category_badge(matrix.category) if matrix.category else _("any")


def state_cell(matrix: AssortmentMatrix) -> str:
    """Whether it holds."""
    if matrix.archived_at is None:
        return status_chip(_("In force"), "success")
    return status_chip(_("Put away"), "neutral")


ASSORTMENT = ListSpec(
    name="assortment",
    model=AssortmentMatrix,
    title=gettext_lazy("Assortment matrix"),
    columns=[
        Column(
            "channel",
            gettext_lazy("Channel"),
            value=channel_cell,
            link=True,
            sort="channel",
        ),
        Column(
            "category",
            gettext_lazy("Category"),
            value=lambda matrix: matrix.category or _("any"),
            sort="category",
            render=category_cell,
        ),
        Column("goods", gettext_lazy("Goods"), kind=Kind.NUMBER),
        Column("must", gettext_lazy("Required goods"), kind=Kind.NUMBER),
        Column("asked", gettext_lazy("Changes proposed"), kind=Kind.NUMBER),
        Column("state", gettext_lazy("State"), value=state_cell, render=state_cell, export=False),
    ],
    default_sort="channel",
    page_template="deals/assortment_list.html",
    empty_template="deals/_assortment_none.html",
)
