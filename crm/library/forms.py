"""Forms of the library."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.accounts.models import OrgUnit, Role, User
from crm.fields import CleanCharField, CleanTextField
from crm.library import permissions
from crm.library.actions import NewText
from crm.library.models import Capability, DocumentKind, DocumentVersion, Duty
from crm.people.forms import GroupedForm, UnitChoice, VersionMixin, day_field

LONG = 200_000
LARGEST_FILE = 2 * 1024 * 1024
_HINT = gettext_lazy(
    "Headings begin with #, points with -, an empty line ends a paragraph, **words** are bold."
)


class Units(forms.ModelMultipleChoiceField):
    """Units with their place in the tree."""

    def label_from_instance(self, unit: Any) -> str:
        return "\u2003" * (len(unit.path_ids) - 1) + str(unit)


class VersionTextForm(VersionMixin, GroupedForm):
    """What a version says, from when, by which order and for whom."""

    effective_from = day_field(label=gettext_lazy("In force from"))
    order_no = CleanCharField(
        label=gettext_lazy("Number of the order"), max_length=50, required=False
    )
    order_on = day_field(label=gettext_lazy("Date of the order"), required=False)
    summary = CleanCharField(label=gettext_lazy("What has changed"), max_length=300, required=False)
    text = CleanTextField(
        label=gettext_lazy("Text"),
        max_length=LONG,
        required=False,
        help_text=_HINT,
        widget=forms.Textarea(attrs={"rows": 20}),
    )
    must_acknowledge = forms.BooleanField(
        label=gettext_lazy("Has to be acknowledged"), required=False
    )
    roles = forms.MultipleChoiceField(
        label=gettext_lazy("Roles"),
        choices=Role.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    units = Units(
        label=gettext_lazy("Units"),
        queryset=OrgUnit.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(
        self, data: Any = None, *, draft: DocumentVersion | None = None, today: date, **more: Any
    ) -> None:
        super().__init__(data, initial=_initial(draft, today), **more)
        self.first_line = draft.first_line if draft else 1
        units: Any = self.fields["units"]
        units.queryset = OrgUnit.objects.open().order_by("path")

    def new_text(self) -> NewText:
        """Plain values for the action."""
        names = ("text", "effective_from", "summary", "order_no", "order_on", "must_acknowledge")
        values = {name: self.cleaned_data[name] for name in (*names, "roles")}
        units = list(self.cleaned_data["units"])
        return NewText(**values, units=units, first_line=self.first_line)


class DocumentForm(VersionTextForm):
    """A new document with its first version."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=DocumentKind.choices)
    title = CleanCharField(label=gettext_lazy("Title"), max_length=200)
    unit = UnitChoice(
        label=gettext_lazy("Kept by the unit"), queryset=OrgUnit.objects.none(), required=False
    )

    def __init__(self, data: Any = None, *, user: User, today: date) -> None:
        super().__init__(data, today=today)
        unit: Any = self.fields["unit"]
        unit.queryset = permissions.units_for(user).order_by("path")
        unit.required = user.role == Role.DEPARTMENT_HEAD
        if unit.required:
            self.initial["unit"] = unit.queryset.first()

    def values(self) -> dict[str, Any]:
        """Plain values for the action."""
        kept = {name: self.cleaned_data[name] for name in ("kind", "title", "unit")}
        return {**kept, "new": self.new_text()}


def _initial(draft: DocumentVersion | None, today: date) -> dict[str, Any]:
    if draft is None:
        return {"effective_from": today, "must_acknowledge": True}
    names = ("effective_from", "order_no", "order_on", "summary", "text", "must_acknowledge")
    values = {name: getattr(draft, name) for name in (*names, "roles", "version")}
    units = draft.audience_units.values_list("unit", flat=True)
    return {**values, "units": list(units)}


class WithdrawForm(VersionMixin, forms.Form):
    """Why a document holds no longer."""

    reason = CleanCharField(label=gettext_lazy("Reason"), max_length=300)


class UploadForm(forms.Form):
    """A text with job descriptions."""

    unit = UnitChoice(
        label=gettext_lazy("Kept by the unit"), queryset=OrgUnit.objects.none(), required=False
    )
    file = forms.FileField(
        label=gettext_lazy("Text file"),
        help_text=gettext_lazy(
            "A plain text in UTF-8 or Windows-1251. Every job description in it becomes a"
            " draft that you read and publish."
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ".txt,.md,text/plain"}),
    )

    def __init__(self, data: Any = None, files: Any = None, *, user: User) -> None:
        super().__init__(data, files)
        unit: Any = self.fields["unit"]
        unit.queryset = permissions.units_for(user).order_by("path")
        unit.required = user.role == Role.DEPARTMENT_HEAD
        if unit.required:
            self.initial["unit"] = unit.queryset.first()

    def clean_file(self) -> str:
        """The text of the file."""
        content = self.cleaned_data["file"]
        if content.size > LARGEST_FILE:
            raise forms.ValidationError(_("The file is too large."))
        return read_text(content.read())


def read_text(content: bytes) -> str:
    """The text of a file in one of the usual encodings; ValidationError for what is no text."""
    if b"\0" in content:
        raise forms.ValidationError(_("This is not a text file."))
    for encoding in ("utf-8-sig", "cp1251"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise forms.ValidationError(_("This is not a text file."))


class DutyForm(forms.Form):
    """What serves a duty, or why nothing does."""

    capabilities = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Capabilities"),
        queryset=Capability.objects.none(),
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 12}),
    )
    outside_reason = CleanCharField(
        label=gettext_lazy("Or why no screen serves it"), max_length=200, required=False
    )

    def __init__(self, data: Any = None, *, duty: Duty) -> None:
        links = list(duty.links.all())
        chosen = [one.capability_id for one in links if one.capability_id]
        reason = next((one.outside_reason for one in links if one.outside_reason), "")
        super().__init__(data, initial={"capabilities": chosen, "outside_reason": reason})
        rows: Any = self.fields["capabilities"]
        rows.queryset = Capability.objects.order_by("code")


class CapabilityForm(VersionMixin, forms.Form):
    """A capability and its screens, one a line: `deals:contract_list Contracts`."""

    title = CleanCharField(label=gettext_lazy("What the product does"), max_length=200)
    screens = CleanTextField(
        label=gettext_lazy("Screens"),
        required=False,
        help_text=gettext_lazy(
            "One a line: the name of the address, a space, what people call the screen. A screen"
            " that is not built yet may stand here too."
        ),
        widget=forms.Textarea(attrs={"rows": 6}),
    )

    def __init__(self, data: Any = None, *, capability: Capability) -> None:
        lines = [f"{one.url_name} {one.label}" for one in capability.screens.all()]
        initial = {"title": capability.title, "version": capability.version}
        super().__init__(data, initial={**initial, "screens": "\n".join(lines)})

    def clean_screens(self) -> list[tuple[str, str]]:
        """Names of addresses with labels."""
        found = []
        for line in self.cleaned_data["screens"].split("\n"):
            name, _space, label = line.strip().partition(" ")
            if not name:
                continue
            if ":" not in name or len(name) > 80 or not 0 < len(label.strip()) <= 120:
                text = _(
                    "Write an address, a gap and a name in each line; this is none: “%(line)s”."
                )
                raise forms.ValidationError(text % {"line": line[:100]})
            found.append((name, label.strip()))
        return found
