"""Columns that several reports share."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.tabular import Kind
from reports.queries.receivables.grouping import LABELS, Key, Name, names_of
from reports.registry import ReportColumn

GROUP = _("Receivables")


def money(name: str, label: Any, **more: Any) -> ReportColumn:
    """A column of roubles that is added up."""
    return ReportColumn(name, label, Kind.MONEY, total=True, **more)


def key_columns(by: str) -> list[ReportColumn]:
    """What a row is about: the group, and for a contract or client whose it is."""
    columns = [ReportColumn(by, LABELS[by], link="url")]
    if by == "client":
        columns = [ReportColumn("code", _("Code")), *columns, ReportColumn("manager", _("Manager"))]
    elif by == "contract":
        columns = [ReportColumn("client", _("Client"), link="url"), *columns]
    return columns


def key_values(by: str, name: Name) -> dict[str, Any]:
    """The values of `key_columns`."""
    values: dict[str, Any] = {by: name.text, "url": name.url}
    if name.client is not None:
        values |= {"code": name.client.code, "manager": name.manager}
        if by == "contract":
            values["client"] = name.client.name
    return values


def named(by: str, keys: Iterable[Key]) -> dict[Key, dict[str, Any]]:
    """Key columns of many groups."""
    return {key: key_values(by, name) for key, name in names_of(by, keys).items()}
