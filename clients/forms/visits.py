"""Forms of merchandisers' visits: what was seen, another day, a visit beside the plan."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils import timezone
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from clients.actions.visits import MARK_IT, Findings
from clients.forms.letters import OnceForm
from clients.forms.people import merchandisers
from clients.models import MerchandiserVisit, Outlet, VisitPlan
from crm.accounts.models import User
from crm.calendar import month_start
from crm.fields import CleanCharField, CleanTextField, CountField, PercentField
from crm.forms import REASON_LENGTH, PlainForm, VersionForm, day_field
from crm.shell.templatetags.formats import month_name
from crm.work.registry import setting

YES_NO = (("yes", _("Yes")), ("no", _("No")))
ON_SHELF = (
    ("yes", pgettext_lazy("goods", "On the shelf")),
    ("no", pgettext_lazy("goods", "Out of stock")),
)
MARKS = {"yes": True, "no": False}
GIVEN = {True: "yes", False: "no", None: ""}
MOST_GOODS = 500
MONTHS_AHEAD = 2


def title_of(point: dict[str, Any]) -> str:
    """What a point of a visit is called, in the language of the reader."""
    if "title" in point:
        return str(point["title"])
    return str(point["en"] if (get_language() or "ru").startswith("en") else point["ru"])


class FindingsForm(VersionForm):
    """What the merchandiser marks in the outlet, a field for each point of this visit."""

    oos_count = CountField(
        label=_("Goods out of stock in all"), required=False, max_value=MOST_GOODS
    )
    shelf_share = PercentField(label=_("Our share of the shelf, %"), required=False)
    comment = CleanTextField(
        label=_("Comment"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(
        self,
        data: Any = None,
        *,
        visit: MerchandiserVisit,
        finish: bool = False,
        **options: Any,
    ) -> None:
        initial = {
            "version": visit.version,
            "oos_count": visit.oos_count,
            "shelf_share": visit.shelf_share,
            "comment": visit.comment,
        }
        super().__init__(data, initial=initial, **options)
        self.visit, self.finish = visit, finish
        for prefix, points, choices in self._kinds():
            for point in points:
                self.fields[f"{prefix}_{point['key']}"] = forms.ChoiceField(
                    label=title_of(point),
                    choices=choices,
                    required=False,
                    widget=forms.RadioSelect,
                    initial=GIVEN[point["ok"]],
                )

    def clean(self) -> dict[str, Any]:
        """What is missing for the end of the visit is said of all points at once."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        for bound in (*self.checks, *self.goods) if self.finish else ():
            if not given.get(bound.name):
                self.add_error(bound.name, MARK_IT)
        return given

    def _kinds(self) -> Iterator[tuple[str, list[dict[str, Any]], Any]]:
        yield "check", self.visit.checklist, YES_NO
        yield "goods", self.visit.goods, ON_SHELF

    @property
    def checks(self) -> list[BoundField]:
        """Fields of the checklist."""
        return [self[f"check_{point['key']}"] for point in self.visit.checklist]

    @property
    def goods(self) -> list[BoundField]:
        """Fields of the goods that must stand on the shelf."""
        return [self[f"goods_{point['key']}"] for point in self.visit.goods]

    def findings(self) -> Findings:
        """Plain values for the action."""
        given = self.cleaned_data
        marks = {
            prefix: {p["key"]: MARKS.get(given[f"{prefix}_{p['key']}"]) for p in points}
            for prefix, points, _choices in self._kinds()
        }
        return Findings(
            checks=marks["check"],
            goods=marks["goods"],
            oos_count=given["oos_count"],
            shelf_share=given["shelf_share"],
            comment=given["comment"],
        )


def _bounded(field: Any) -> None:
    """The calendar of the browser offers the days that the action takes."""
    today = timezone.localdate()
    last = today + timedelta(days=setting("visits.move_days"))
    field.widget.attrs |= {"min": today.isoformat(), "max": last.isoformat()}


class MoveVisitForm(VersionForm):
    """Another day and why."""

    planned_on = day_field(_("New day"))
    reason = CleanCharField(
        label=_("Reason"), max_length=REASON_LENGTH, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        _bounded(self.fields["planned_on"])


class NewVisitForm(OnceForm):
    """A visit beside the plan: to an outlet of a client that the person sees."""

    outlet = forms.ModelChoiceField(label=_("Outlet"), queryset=Outlet.objects.none())
    merchandiser = forms.ModelChoiceField(label=_("Merchandiser"), queryset=User.objects.none())
    planned_on = day_field(pgettext_lazy("visit", "Day"))

    def __init__(self, data: Any = None, *, outlets: Any, **options: Any) -> None:
        super().__init__(data, **options)
        self.fields["outlet"].queryset = outlets  # type: ignore[attr-defined]
        self.fields["outlet"].label_from_instance = named  # type: ignore[attr-defined]
        self.fields["merchandiser"].queryset = merchandisers()  # type: ignore[attr-defined]
        _bounded(self.fields["planned_on"])


def named(outlet: Outlet) -> str:
    """An outlet with its client and address."""
    return ", ".join(filter(None, (outlet.client.name, outlet.name, outlet.address)))


class PlanMonthForm(PlainForm):
    """Which month is drawn up: this one or one of the next."""

    month = forms.TypedChoiceField(label=_("Month"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        months = [month_start(timezone.localdate(), n) for n in range(MONTHS_AHEAD + 1)]
        agreed = set(
            VisitPlan.objects.filter(month__in=months, state="approved").values_list(
                "month", flat=True
            )
        )
        field: Any = self.fields["month"]
        self.months = {f"{one:%Y-%m}": one for one in months if one not in agreed}
        field.choices = [(key, month_name(one)) for key, one in self.months.items()]
        field.coerce = self.months.__getitem__
