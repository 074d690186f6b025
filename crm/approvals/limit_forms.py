"""Forms of the limit matrix: one ladder, the visas, the simulator."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from crm.approvals.actions.limits import LevelDraft
from crm.approvals.actions.routes import MOST_STEPS
from crm.approvals.forms import BaseRouteFormSet, RouteStepForm
from crm.approvals.limit_kinds import LimitKind, Measure, limit_kind, limit_kinds
from crm.approvals.models import SIGNING_LADDER, LimitLevel
from crm.fields import DaysField, MoneyField, PercentField

MOST_DAYS = 3650
FIELDS = {"amount": MoneyField, "percent": PercentField, "days": DaysField}


def measure_field(measure: Measure, **options: Any) -> forms.Field:
    """A field that reads a value of the measure."""
    if measure.column == "days":
        options["max_value"] = MOST_DAYS
    unit = f", {measure.unit}" if measure.unit else ""
    return FIELDS[measure.column](label=f"{measure.label}{unit}", **options)


class LadderForm(forms.Form):
    """Who decides up to where, in one category: a row of fields per role."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    category = forms.CharField(widget=forms.HiddenInput, required=False, max_length=20)

    def __init__(self, kind: LimitKind, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.kind = kind
        for role in SIGNING_LADDER:
            self.fields[role.value] = forms.BooleanField(label=role.label, required=False)
            for measure in kind.measures:
                self.fields[f"{role}-{measure.name}"] = measure_field(measure, required=False)
            self.fields[f"{role}-due"] = DaysField(
                label=_("Working days"), min_value=1, max_value=60, required=False
            )

    @staticmethod
    def initial_of(kind: LimitKind, levels: list[LimitLevel]) -> dict[str, Any]:
        """Values of the fields for the present levels."""
        values: dict[str, Any] = {}
        for level in levels:
            values |= {level.role: True, f"{level.role}-due": level.due_working_days}
            for measure in kind.measures:
                values[f"{level.role}-{measure.name}"] = getattr(level, measure.field)
        return values

    def rows(self) -> list[dict[str, Any]]:
        """Bound fields by role, for the template."""
        return [
            {
                "decides": self[role.value],
                "limits": [self[f"{role}-{measure.name}"] for measure in self.kind.measures],
                "due": self[f"{role}-due"],
            }
            for role in SIGNING_LADDER
        ]

    def drafts(self) -> list[LevelDraft]:
        """The levels for the action."""
        data = self.cleaned_data
        return [
            LevelDraft(
                role.value,
                due_working_days=data[f"{role}-due"] or 2,
                **{m.field: data[f"{role}-{m.name}"] for m in self.kind.measures},
            )
            for role in SIGNING_LADDER
            if data[role.value]
        ]


class VisaForm(RouteStepForm):
    """One visa; a row without a signer is none."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["kind"]


VisaFormSet = cast(
    "type[BaseRouteFormSet]",
    forms.formset_factory(
        VisaForm,
        formset=BaseRouteFormSet,
        extra=MOST_STEPS,
        max_num=MOST_STEPS,
        validate_max=True,
        absolute_max=MOST_STEPS,
    ),
)


class SimulatorForm(forms.Form):
    """«Who would sign this?»: the facts of a kind, the category, who asks."""

    kind = forms.ChoiceField(label=_("What is asked for"), required=False)
    category = forms.ChoiceField(label=_("Category of the client"), required=False)
    author = forms.ModelChoiceField(
        User.objects.none(), label=_("Who asks"), required=False, empty_label=_("anybody")
    )

    def __init__(self, data: Any, *, user: User) -> None:
        known = {kind.kind: kind for kind in limit_kinds()}
        asked = known.get(data.get("kind", ""))
        super().__init__(data if asked else None)
        self.asked = asked or next(iter(known.values()))
        kinds = self.fields["kind"]
        kinds.choices = [(name, kind.label) for name, kind in known.items()]  # type: ignore[attr-defined]
        people = User.objects.visible_to(user).working().exclude(org_unit=None)
        self.fields["author"].queryset = people.order_by("sort_key", "pk")  # type: ignore[attr-defined]
        categories = [("", _("without category")), *self.asked.categories.items()]
        self.fields["category"].choices = categories  # type: ignore[attr-defined]
        if not self.asked.categories:
            del self.fields["category"]
        for measure in self.asked.measures:
            self.fields[measure.name] = measure_field(measure, required=False)

    def measures(self) -> list[forms.BoundField]:
        """The fields of the facts."""
        return [self[measure.name] for measure in self.asked.measures]

    def facts(self) -> dict[str, Any] | None:
        """What was typed, by measure; None while something is missing."""
        if not self.is_bound or not self.is_valid():
            return None
        facts = {m.name: self.cleaned_data[m.name] for m in self.asked.measures}
        return None if None in facts.values() else facts


def known_kind(name: str) -> LimitKind | None:
    """The kind of an address, if there is such a one."""
    try:
        return limit_kind(name)
    except KeyError:
        return None
