"""Forms of what is done with a claim: looked into, decided, compensated, answered, opened again."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from claims import permissions
from claims.actions.claim_decisions import Decision, Findings
from claims.models import (
    OUR_PARTIES,
    Claim,
    ClaimDecision,
    ClaimReason,
    Compensation,
    GuiltyParty,
)
from clients.models import Client
from crm.accounts.models import Role, User
from crm.fields import CleanCharField, CleanTextField, MoneyField
from deals.forms.contracts import VersionForm
from deals.forms.credit import day_field

OFFICES = (Role.ACCOUNTANT, Role.LOGISTICS, Role.LAWYER, Role.PURCHASING)
EXAMINERS = (Role.SECTOR_HEAD, Role.DEPARTMENT_HEAD, Role.DIRECTOR, Role.ACCOUNTANT, Role.LAWYER)
FORMATS = (("pdf", "PDF"), ("docx", "DOCX"))


class PersonField(forms.ModelChoiceField):
    """A colleague with the office."""

    def label_from_instance(self, obj: User) -> str:
        return f"{obj.full_name}, {obj.position or obj.get_role_display()}"


class AssignForm(VersionForm):
    """Who looks into it."""

    person = PersonField(label=_("Looked into by"), queryset=User.objects.none(), empty_label=None)

    def __init__(self, data: Any = None, *, claim: Claim, user: User, **options: Any) -> None:
        person = claim.assigned_to_id or claim.client.manager_id or user.pk
        super().__init__(data, initial={"version": claim.version, "person": person}, **options)
        field: Any = self.fields["person"]
        field.queryset = examiners_of(claim)

    def new_values(self) -> dict[str, Any]:
        """The person by key."""
        values = super().new_values()
        values["person_id"] = values.pop("person").pk
        return values


class GuiltyForm(VersionForm):
    """Whose fault it is; a person where it is ours."""

    guilty_party = forms.ChoiceField(
        label=_("Party at fault"),
        choices=[("", _("not known yet")), *GuiltyParty.choices],
        required=False,
    )
    guilty_person = PersonField(
        label=_("Person at fault"),
        queryset=User.objects.none(),
        required=False,
        empty_label="—",
        help_text=_("Only where the fault is ours."),
    )
    findings = CleanTextField(
        label=_("Findings in detail"), max_length=4000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, data: Any = None, *, claim: Claim, **options: Any) -> None:
        initial = {
            "version": claim.version,
            "guilty_party": claim.guilty_party,
            "guilty_person": claim.guilty_person_id,
            "findings": claim.findings,
        }
        super().__init__(data, initial=initial | options.pop("initial", {}), **options)
        field: Any = self.fields["guilty_person"]
        field.queryset = colleagues_of(claim.client)

    def findings_of(self) -> Findings:
        """The values for the action."""
        values = self.cleaned_data
        party = values["guilty_party"]
        return Findings(values["findings"], party, _person(values))


class DecideForm(GuiltyForm):
    """Satisfied, in part or refused; by whose fault; what the client gets."""

    decision = forms.ChoiceField(
        label=_("Decision"), choices=ClaimDecision.choices, widget=forms.RadioSelect
    )
    satisfied_amount = MoneyField(
        label=_("The client gets, ₽"),
        required=False,
        help_text=_("Empty: everything claimed; nothing if rejected."),
    )
    compensation = forms.ChoiceField(
        label=_("In what way"), choices=[("", "—"), *Compensation.choices], required=False
    )
    reason = forms.ModelChoiceField(
        label=_("Reason"), queryset=ClaimReason.objects.none(), empty_label=None
    )
    field_order = (
        "version",
        "decision",
        "satisfied_amount",
        "compensation",
        "guilty_party",
        "guilty_person",
        "reason",
        "findings",
    )

    def __init__(self, data: Any = None, *, claim: Claim, **options: Any) -> None:
        super().__init__(data, claim=claim, initial={"reason": claim.reason_id}, **options)
        reasons: Any = self.fields["reason"]
        reasons.queryset = ClaimReason.objects.filter(
            Q(archived_at=None, kind__in=["", claim.kind]) | Q(pk=claim.reason_id)
        )
        party: Any = self.fields["guilty_party"]
        party.choices, party.required = [("", "—"), *GuiltyParty.choices], True
        findings: Any = self.fields["findings"]
        findings.required = False
        findings.help_text = _("Compulsory unless all is satisfied: it stands in the answer.")

    def decided(self) -> Decision:
        """The values for the action."""
        values = self.cleaned_data
        return Decision(
            values["decision"],
            values["guilty_party"],
            satisfied_amount=values["satisfied_amount"],
            guilty_person=_person(values),
            reason=values["reason"],
            findings=values["findings"],
            compensation=values["compensation"],
        )


class CompensateForm(VersionForm):
    """What the client got, and when."""

    on = day_field(_("Compensated on"))
    compensation = forms.ChoiceField(
        label=_("What the client got"),
        choices=[pair for pair in Compensation.choices if pair[0] != Compensation.NOTHING],
    )

    def __init__(self, data: Any = None, *, claim: Claim, today: date, **options: Any) -> None:
        initial = {"version": claim.version, "on": today, "compensation": claim.compensation}
        super().__init__(data, initial=initial, **options)
        self.fields["on"].widget.attrs["max"] = today.isoformat()


class AnswerForm(VersionForm):
    """When the client was answered, and the letter that is kept with the claim."""

    on = day_field(_("Answered on"))
    suffix = forms.ChoiceField(
        label=_("Letter"),
        choices=[*FORMATS, ("", _("answered without a letter of ours"))],
        required=False,
        widget=forms.RadioSelect,
    )
    text = CleanTextField(
        label=_("What the letter says besides"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, data: Any = None, *, claim: Claim, today: date, **options: Any) -> None:
        initial = {"version": claim.version, "on": today, "suffix": "pdf"}
        super().__init__(data, initial=initial, **options)
        self.fields["on"].widget.attrs["max"] = today.isoformat()


class ObjectionForm(VersionForm):
    """What the client does not agree with."""

    objection = CleanCharField(
        label=_("What the client does not agree with"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


def examiners_of(claim: Claim) -> Any:
    """Colleagues who see the claim and may look into it."""
    path = claim.client.org_unit.path if claim.client.org_unit else ""
    units = [int(part) for part in path.split("/") if part]
    above = Q(org_unit__in=units, role__in=EXAMINERS)
    people = User.objects.working().filter(Q(pk=claim.client.manager_id) | above)
    able = [one.pk for one in people if _sees(one, claim)]
    return people.filter(pk__in=able).order_by("sort_key", "pk")


def colleagues_of(client: Client) -> Any:
    """Those who may be at fault: the units above the client, warehouse, offices."""
    path = client.org_unit.path if client.org_unit else ""
    units = [int(part) for part in path.split("/") if part]
    near = Q(org_unit__in=units) | Q(role__in=OFFICES) | Q(pk=client.manager_id)
    return User.objects.working().filter(near).order_by("sort_key", "pk")


def _sees(person: User, claim: Claim) -> bool:
    seen: bool = Claim.objects.visible_to(person).filter(pk=claim.pk).exists()
    return seen and permissions.can_see_claims(person)


def _person(values: dict[str, Any]) -> User | None:
    """Nobody is named where the fault is not ours."""
    person: User | None = values["guilty_person"]
    return person if values["guilty_party"] in OUR_PARTIES else None
