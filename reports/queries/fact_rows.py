"""A row of plan and fact in the address, so that what is behind it can be listed to the kopeck.

    row=territory:Север        row=manager:7|unit:3        row=channel:     (those without one)

The keys are those of the cuts, compared as the cuts compare them; a unit is itself, without what
is below it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from clients.models import Client
from crm.accounts.models import User
from reports import links
from reports.days.months import Months
from reports.models import ClientMonth, PlanLine
from reports.queries.cuts import CUTS, GROUP, months_asked, names_of
from reports.registry import Parameter, Params

NUMBERED = frozenset({"client", "manager", "unit", "department", GROUP})
OF_PLANS = tuple(cut for cut in CUTS if cut != GROUP)  # nobody plans by product group
LONGEST = 400
MOST_ID = 2**63


@dataclass(frozen=True)
class FactRow:
    """Keys by cut, all of which hold; None: what has none. `text` says it in words."""

    parts: Mapping[str, Any]
    text: str = ""

    def __str__(self) -> str:
        return self.text

    def without(self, cut: str) -> FactRow:
        """The row whatever its key of that cut."""
        return FactRow({one: key for one, key in self.parts.items() if one != cut}, self.text)


class RowField(forms.CharField):
    """A row of these cuts; one whose client or manager the person sees nothing of is refused."""

    widget = forms.HiddenInput

    def __init__(self, user: User, cuts: Sequence[str]) -> None:
        label = pgettext_lazy("plan and fact", "Row")
        super().__init__(label=label, required=False, max_length=LONGEST)
        self.user, self.cuts = user, cuts

    def clean(self, value: Any) -> Any:
        """The row; None where nothing is asked."""
        text = super().clean(value)
        if not text:
            return None
        parts: dict[str, Any] = {}
        for one in text.split("|"):
            cut, sign, key = one.partition(":")
            if cut not in self.cuts or cut in parts or not sign:
                raise _unknown(text)
            parts[cut] = self._key(cut, key.replace("%7C", "|").replace("%25", "%"))
        said = [f"{CUTS[cut]}: {names_of(cut, [key])[key].text}" for cut, key in parts.items()]
        return FactRow(parts, ", ".join(said))

    def _key(self, cut: str, key: str) -> Any:
        if not key:
            return None
        if cut not in NUMBERED:
            return key
        if not key.isascii() or not key.isdecimal() or int(key) >= MOST_ID:
            raise _unknown(key)
        number = int(key)
        if cut in {"client", "manager"} and not self._is_seen(cut, number):
            raise _unknown(key)
        if number not in names_of(cut, [number]):
            raise _unknown(key)
        return number

    def _is_seen(self, cut: str, pk: int) -> bool:
        """The person sees whom it is about, or something that was brought or planned."""
        model: Any = Client if cut == "client" else User
        if model.objects.visible_to(self.user).filter(pk=pk).exists():
            return True
        rows: list[Any] = [ClientMonth.objects, PlanLine.objects]
        return any(one.visible_to(self.user).filter(**{cut: pk}).exists() for one in rows)


def _unknown(text: str) -> ValidationError:
    return ValidationError(_("There is no such choice here: %(text)s.") % {"text": text[:60]})


def row_parameter(cuts: Sequence[str] = tuple(CUTS)) -> Parameter:
    """A row of these cuts, as a link from its number gives it."""
    return Parameter("row", lambda user: RowField(user, cuts))


def code_of(parts: Mapping[str, Any]) -> str:
    """The row as it stands in the address."""
    return "|".join(f"{cut}:{_escaped(key)}" for cut, key in parts.items())


def _escaped(key: Any) -> str:
    return "" if key is None else str(key).replace("%", "%25").replace("|", "%7C")


def documents_url(
    months: Months,
    metric: str,
    parts: Mapping[str, Any],
    unit: int | None = None,
    to: date | None = None,
) -> str:
    """The documents that a fact is made of; `unit` with all below it, up to the day `to`."""
    return links.report("fact_documents", metric=metric, **_where(months, parts, unit), to=to)


def plans_url(months: Months, parts: Mapping[str, Any], unit: int | None = None) -> str:
    """The clients whose plans a figure is made of."""
    return links.report("plan_fact", by="client", **_where(months, parts, unit))


def _where(months: Months, parts: Mapping[str, Any], unit: int | None) -> dict[str, Any]:
    last = "" if months.is_one else f"{months.last:%Y-%m}"
    first = f"{months.first:%Y-%m}"
    return {"month": first, "until": last, "unit": unit, "row": code_of(parts)}


def parts_of(params: Params, cut: str, key: Any) -> dict[str, Any]:
    """The row of a cut within what a report was narrowed to; its unit stands beside."""
    asked = params.get("row")
    parts = dict(asked.parts) if asked else {}
    for name in ("client", "manager"):
        if chosen := params.get(name):
            parts[name] = chosen.pk
    return parts | {cut: key}


def behind(params: Params, metric: str, cut: str, key: Any) -> str:
    """The documents behind a figure of a report by a cut."""
    unit = params.get("unit")
    parts = parts_of(params, cut, key)
    return documents_url(months_asked(params), metric, parts, unit.pk if unit else None)
