"""Forms of decisions and routes."""

from __future__ import annotations

import re
from typing import Any, cast

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import OrgUnitKind, Role
from crm.approvals.actions.bulk import Shown
from crm.approvals.actions.routes import MOST_STEPS, StepDraft
from crm.approvals.models import ROLES_OF_A_UNIT, ApprovalRouteStep, StepKind

COMMENT_LENGTH = 2000
MOST_SELECTED = 100
SELECTED = re.compile(r"[0-9]{1,18}:[0-9]{1,9}:[0-9]{1,9}", re.ASCII)


class DecisionForm(forms.Form):
    """A signature under what was shown: the hidden versions say what that was."""

    decision = forms.ChoiceField(
        choices=[("approve", _("Approve")), ("return", _("Return")), ("reject", _("Reject"))]
    )
    comment = forms.CharField(
        label=_("Comment"),
        required=False,
        max_length=COMMENT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    target_version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def new_values(self) -> dict[str, Any]:
        """Plain values for the action."""
        return dict(self.cleaned_data)


class RevokeForm(forms.Form):
    """Taking an approval back: why, and which version was shown."""

    reason = forms.CharField(
        label=_("Why the approval is taken back"),
        max_length=COMMENT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def new_values(self) -> dict[str, Any]:
        """Plain values for the action."""
        return dict(self.cleaned_data)


def selected(rows: list[str]) -> list[Shown]:
    """Ticked requests with what was shown: «key:version:version of the record» each."""
    known = [row for row in rows[:MOST_SELECTED] if SELECTED.fullmatch(row)]
    return [Shown(*map(int, row.split(":"))) for row in dict.fromkeys(known)]


def office_choices() -> list[tuple[str, Any]]:
    """Signers that a step may have: heads of a kind of unit, then roles of the whole company."""
    heads = [
        (f"unit:{kind.value}", _("Head: %(unit)s") % {"unit": str(kind.label).lower()})
        for kind in OrgUnitKind
    ]
    roles = [(f"role:{role.value}", role.label) for role in Role if role not in ROLES_OF_A_UNIT]
    return [("", "—"), (str(_("Head of the nearest unit above")), heads), (str(_("Role")), roles)]


class RouteStepForm(forms.Form):
    """One row of a route; a row without a signer is no step."""

    office = forms.ChoiceField(label=_("Who signs"), required=False)
    kind = forms.ChoiceField(label=_("How"), choices=StepKind.choices, required=False)
    due_working_days = forms.IntegerField(
        label=_("Working days"), min_value=1, max_value=60, required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.form_show_labels = False
        self.fields["office"].choices = office_choices()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """A step needs its kind and its term."""
        data = super().clean() or {}
        if data.get("office"):
            for name in ("kind", "due_working_days"):
                if name in self.fields and not data.get(name) and name not in self.errors:
                    self.add_error(name, _("Fill this in."))
        return data

    def draft(self) -> StepDraft | None:
        """The step for the action, or nothing for an empty row."""
        kind_of_office, _colon, office = self.cleaned_data.get("office", "").partition(":")
        if not office:
            return None
        return StepDraft(
            kind=self.cleaned_data.get("kind", StepKind.VISA),
            role=office if kind_of_office == "role" else "",
            unit_kind=office if kind_of_office == "unit" else "",
            due_working_days=self.cleaned_data["due_working_days"],
        )


class BaseRouteFormSet(forms.BaseFormSet):  # type: ignore[type-arg]
    """The rows of a route with the version that was shown."""

    def drafts(self) -> list[StepDraft]:
        """The steps in their order."""
        found = [form.draft() for form in self.forms]
        return [draft for draft in found if draft is not None]


RouteFormSet = cast(
    "type[BaseRouteFormSet]",
    forms.formset_factory(
        RouteStepForm,
        formset=BaseRouteFormSet,
        extra=MOST_STEPS,
        max_num=MOST_STEPS,
        validate_max=True,
        absolute_max=MOST_STEPS,
    ),
)


class RouteVersionForm(forms.Form):
    """The version of the route that the administrator saw."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


def initial_steps(steps: list[ApprovalRouteStep]) -> list[dict[str, Any]]:
    """The rows of the form for the steps of a route."""
    return [
        {
            "office": f"role:{step.role}" if step.role else f"unit:{step.unit_kind}",
            "kind": step.kind,
            "due_working_days": step.due_working_days,
        }
        for step in steps
    ]
