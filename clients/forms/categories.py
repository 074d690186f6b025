"""Forms of categories: the proposal, the decision of the head, the request to change."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from clients.categorising.category_terms import (
    category_by_potential,
    latest_effective_day,
    usual_effective_day,
)
from clients.models import CategoryChangeRequest, CategoryProposal, Client, ClientCategory
from crm.forms import helper
from crm.work.registry import setting

REASON_LENGTH = 2000


class CategoryChangeForm(forms.Form):
    """A request to change the category of one client."""

    to_category = forms.ChoiceField(label=_("New category"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Reason"), max_length=REASON_LENGTH, widget=forms.Textarea(attrs={"rows": 3})
    )
    effective_from = forms.DateField(
        label=_("Takes effect on"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    version = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        client: Client,
        request: CategoryChangeRequest | None,
        today: date,
        **kwargs: Any,
    ) -> None:
        kwargs["initial"] = _initial(request, today) | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        self.helper = helper()
        others = [c for c in ClientCategory.choices if c[0] != client.category]
        self.fields["to_category"].choices = others  # type: ignore[attr-defined]
        least = setting("category.reason_length")
        reason = self.fields["reason"]
        assert isinstance(reason, forms.CharField)
        reason.widget.attrs["minlength"] = least
        reason.help_text = _("At least %(least)s characters: what has changed, with figures.") % {
            "least": least
        }
        effective = self.fields["effective_from"].widget
        effective.attrs |= {
            "min": today.isoformat(),
            "max": latest_effective_day(today).isoformat(),
        }

    def new_values(self) -> dict[str, Any]:
        """Plain values for the action, without the version."""
        return {key: self.cleaned_data[key] for key in ("to_category", "reason", "effective_from")}


def _initial(request: CategoryChangeRequest | None, today: date) -> dict[str, Any]:
    if request is None:
        return {"effective_from": usual_effective_day(today), "version": 0}
    return {
        "to_category": request.to_category,
        "reason": request.reason,
        "effective_from": max(request.effective_from, today),
        "version": request.version,
    }


class CategoryProposalForm(forms.Form):
    """What the manager thinks of a new client; the head may decide otherwise."""

    category = forms.ChoiceField(
        label=_("Proposed category"),
        choices=[("", _("Leave it to the head")), *ClientCategory.choices],
        required=False,
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("Why"),
        max_length=REASON_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = helper()

    def new_values(self) -> dict[str, Any]:
        """Plain values for the action."""
        return dict(self.cleaned_data)


class AssignCategoryForm(forms.Form):
    """The category that the head assigns; the proposed or the suggested one is chosen."""

    category = forms.ChoiceField(
        label=_("Category to assign"), choices=ClientCategory.choices, widget=forms.RadioSelect
    )

    def __init__(
        self,
        data: Any = None,
        *,
        target: CategoryProposal | None = None,
        client: Client | None = None,
    ) -> None:
        client = target.client if target is not None else client
        assert client is not None
        wish = target.category if target is not None else None
        chosen = wish or category_by_potential(client.potential_monthly)
        super().__init__(data, initial={"category": chosen})
        self.helper = helper()

    def new_values(self) -> dict[str, Any]:
        """Plain values for the action."""
        return dict(self.cleaned_data)
