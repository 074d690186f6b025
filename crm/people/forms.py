"""Forms of people, units, substitutions and the profile."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.forms import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.accounts.models import (
    DelegationReason,
    OrgUnit,
    OrgUnitKind,
    Role,
    User,
    UserLanguage,
    UserTheme,
)
from crm.accounts.permissions import can_manage_units
from crm.fields import CleanCharField, PhoneField, RussianDateField

LOGIN_HELP = gettext_lazy("Latin letters, digits, dots and dashes; the e-mail signs in as well.")
Group = tuple[str, list[BoundField]]


def day_field(**options: Any) -> RussianDateField:
    """A day with the picker of the browser."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return RussianDateField(widget=widget, **options)


class UnitChoice(forms.ModelChoiceField):
    """Units with their place in the tree."""

    def label_from_instance(self, unit: Any) -> str:
        return "\u2003" * (len(unit.path_ids) - 1) + str(unit)


class HeadedUnitChoice(UnitChoice):
    """Units with their place in the tree and who heads them now."""

    def label_from_instance(self, unit: Any) -> str:
        head = unit.head.full_name if unit.head else _("none")
        return _("%(unit)s · head: %(head)s") % {
            "unit": super().label_from_instance(unit),
            "head": head,
        }


class PersonChoice(forms.ModelChoiceField):
    """People with their role, so that namesakes differ."""

    def label_from_instance(self, person: Any) -> str:
        return f"{person.full_name} · {person.get_role_display()}"


class GroupedForm(forms.Form):
    """A form whose fields stand in named groups; `groups` is read by the template."""

    layout: Sequence[tuple[Any, Sequence[str]]] = ()

    def groups(self) -> list[Group]:
        """Headings with their bound fields, those that this form has."""
        return [
            (str(title), [self[name] for name in names if name in self.fields])
            for title, names in self.layout
        ]

    def new_values(self) -> dict[str, Any]:
        """Plain values for the action."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


class VersionMixin(forms.Form):
    """The version that was on the page."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False, max_value=2**31 - 1)

    def clean_version(self) -> int:
        """A page without a version is treated as stale, never as fresh."""
        return self.cleaned_data["version"] or 0


class PersonForm(GroupedForm):
    """A new person."""

    last_name = CleanCharField(label=gettext_lazy("Surname"), max_length=100)
    first_name = CleanCharField(label=gettext_lazy("First name"), max_length=100, required=False)
    middle_name = CleanCharField(label=gettext_lazy("Patronymic"), max_length=100, required=False)
    role = forms.ChoiceField(label=gettext_lazy("Role"), choices=Role.choices)
    org_unit = HeadedUnitChoice(
        label=gettext_lazy("Unit"), queryset=OrgUnit.objects.none(), required=False
    )
    heads_unit = forms.BooleanField(
        label=gettext_lazy("Make the head of this unit"),
        required=False,
        help_text=gettext_lazy("Replaces the head who is named beside the unit."),
    )
    shown_units = forms.CharField(widget=forms.HiddenInput, required=False)
    position = CleanCharField(label=gettext_lazy("Position"), max_length=200, required=False)
    username = forms.RegexField(
        r"^[A-Za-z0-9._-]+\Z",
        label=gettext_lazy("Login"),
        max_length=150,
        help_text=LOGIN_HELP,
        error_messages={"invalid": LOGIN_HELP},
    )
    email = forms.EmailField(label=gettext_lazy("E-mail"), max_length=254, required=False)
    phone = PhoneField(label=gettext_lazy("Phone"), required=False, extension=True)
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=UserLanguage.choices)
    hired_on = day_field(label=gettext_lazy("Hired on"), required=False)
    order_no = CleanCharField(
        label=gettext_lazy("Order of appointment"), max_length=50, required=False
    )

    layout = (
        (gettext_lazy("Full name"), ("last_name", "first_name", "middle_name")),
        (
            gettext_lazy("Place"),
            ("role", "org_unit", "heads_unit", "position", "hired_on", "order_no"),
        ),
        (gettext_lazy("Sign-in and contacts"), ("username", "email", "phone", "language")),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = open_units(user).select_related("head")
        self.fields["org_unit"].queryset = units  # type: ignore[attr-defined]
        if not can_manage_units(user):
            del self.fields["heads_unit"]
        shown = " ".join(f"{pk}:{version}" for pk, version in units.values_list("pk", "version"))
        self.initial["shown_units"] = shown
        self.was_shown = str(self.data.get("shown_units", "")).split()
        if self.is_bound:  # a refused form shows the units of now and is saved over them
            typed = {name: self.data.get(name) for name in self.data}
            self.data = {**typed, "shown_units": shown}

    def new_values(self) -> dict[str, Any]:
        """Plain values; `heads` is the version of the unit as shown, when it gets this head."""
        values = super().new_values()
        values.pop("shown_units", None)
        if values.pop("heads_unit", False):
            unit = values["org_unit"]
            versions = dict(pair.split(":", 1) for pair in self.was_shown if ":" in pair)
            found = versions.get(str(unit.pk), "") if unit else ""
            values["heads"] = int(found[:9]) if found.isascii() and found.isdigit() else 0
        return values


class PersonEditForm(VersionMixin, PersonForm):
    """An existing person."""

    @staticmethod
    def initial_of(person: User) -> dict[str, Any]:
        own = {"heads_unit", "shown_units"}
        return {n: getattr(person, n) for n in PersonEditForm.base_fields if n not in own}


class LeaveForm(VersionMixin, forms.Form):
    """Switching off, with the day of dismissal when there is one."""

    dismissed_on = day_field(
        label=gettext_lazy("Dismissed on"),
        required=False,
        help_text=gettext_lazy("Leave empty for a pause without dismissal."),
    )


class UnitForm(GroupedForm):
    """A new unit."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=OrgUnitKind.choices)
    parent = UnitChoice(
        label=gettext_lazy("Part of"), queryset=OrgUnit.objects.none(), required=False
    )
    name = CleanCharField(label=gettext_lazy("Name"), max_length=200)
    head = PersonChoice(
        label=gettext_lazy("Head"),
        queryset=User.objects.none(),
        required=False,
        help_text=gettext_lazy("Sees the clients of the unit and of everything below it."),
    )
    territory = CleanCharField(label=gettext_lazy("Territory"), max_length=200, required=False)
    channel = CleanCharField(label=gettext_lazy("Channel"), max_length=100, required=False)

    layout = (
        (gettext_lazy("Place"), ("kind", "parent", "name")),
        (gettext_lazy("Work"), ("head", "territory", "channel")),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Mapping[str, Any] = self.fields
        fields["head"].queryset = possible_heads(user)
        if "parent" in fields:
            fields["parent"].queryset = open_units(user)

    def new_values(self) -> dict[str, Any]:
        values = super().new_values()
        if "parent" in values:
            parent = values.pop("parent")
            values["parent_id"] = parent.pk if parent else None
        return values


class UnitEditForm(VersionMixin, UnitForm):
    """An existing unit; its kind stays, its place changes by moving."""

    kind = None  # type: ignore[assignment]
    parent = None  # type: ignore[assignment]

    @staticmethod
    def initial_of(unit: OrgUnit) -> dict[str, Any]:
        return {name: getattr(unit, name) for name in UnitEditForm.base_fields}


class MoveForm(VersionMixin, forms.Form):
    """Another place in the tree."""

    parent = UnitChoice(label=gettext_lazy("New place"), queryset=OrgUnit.objects.none())

    def __init__(self, *args: Any, user: User, unit: OrgUnit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        elsewhere = open_units(user).exclude(path__startswith=unit.path or "-")
        self.fields["parent"].queryset = elsewhere  # type: ignore[attr-defined]


class DelegationForm(GroupedForm):
    """Who stands in for whom, when and in what."""

    owner = PersonChoice(label=gettext_lazy("Who is away"), queryset=User.objects.none())
    delegate = PersonChoice(label=gettext_lazy("Who stands in"), queryset=User.objects.none())
    valid_from = day_field(label=gettext_lazy("First day"))
    valid_to = day_field(
        label=gettext_lazy("Last day"),
        help_text=gettext_lazy("The substitute acts on this day too."),
    )
    reason = forms.ChoiceField(label=gettext_lazy("Reason"), choices=DelegationReason.choices)
    covers_clients = forms.BooleanField(
        label=gettext_lazy("Clients and contacts"), required=False, initial=True
    )
    covers_decisions = forms.BooleanField(
        label=gettext_lazy("Approvals"), required=False, initial=True
    )
    note = CleanCharField(label=gettext_lazy("Note"), max_length=300, required=False)

    layout = (
        (gettext_lazy("People"), ("owner", "delegate")),
        (gettext_lazy("Days"), ("valid_from", "valid_to", "reason", "note")),
        (gettext_lazy("What is handed over"), ("covers_clients", "covers_decisions")),
    )

    def __init__(self, *args: Any, owners: QuerySet[User], user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Mapping[str, Any] = self.fields
        fields["owner"].queryset = owners
        owner = self._chosen_owner(owners)
        seen = User.objects.visible_to(user)
        # While nobody is away, whoever was chosen stays chosen.
        fields["delegate"].queryset = seen.possible_substitutes(owner or user, chosen_by=user)
        self.away = owner

    def _chosen_owner(self, owners: QuerySet[User]) -> User | None:
        raw = self.data.get("owner") if self.is_bound else self.initial.get("owner")
        text = str(raw or "")
        return owners.filter(pk=int(text)).first() if text.isascii() and text.isdigit() else None

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        first, last = values.get("valid_from"), values.get("valid_to")
        if first and last and last < first:
            self.add_error("valid_to", _("The last day is before the first one."))
        if not values.get("covers_clients") and not values.get("covers_decisions"):
            text = _("Choose what is handed over: clients, approvals or both.")
            self.add_error("covers_clients", text)
        return values

    def new_values(self) -> dict[str, Any]:
        values = super().new_values()
        values["owner_id"] = values.pop("owner").pk
        values["delegate_id"] = values.pop("delegate").pk
        return values


class ProfileForm(forms.Form):
    """What people set for themselves."""

    phone = PhoneField(label=gettext_lazy("Phone"), required=False, extension=True)
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=UserLanguage.choices)
    theme = forms.ChoiceField(label=gettext_lazy("Theme"), choices=UserTheme.choices)

    def new_values(self) -> dict[str, Any]:
        return dict(self.cleaned_data)


def open_units(user: User) -> Any:
    """Open units in the order of the tree."""
    return OrgUnit.objects.visible_to(user).open().order_by("path")


def possible_heads(user: User) -> Any:
    """Working people who may head some unit; the action checks that the kind fits."""
    return User.objects.visible_to(user).can_head(OrgUnitKind.SECTOR).order_by("sort_key", "pk")


def first_days(today: date) -> dict[str, Any]:
    """Days that a new substitution starts with."""
    return {"valid_from": today, "reason": DelegationReason.VACATION}
