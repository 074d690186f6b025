"""The form of a relationship scheme."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.fields import CleanTextField, DaysField, MoneyField, PercentField
from crm.forms import RecordForm, day_field
from crm.work.registry import setting
from deals.actions.schemes import FIELDS, SchemeValues

USUAL_DAYS = 364
LONGEST_TEXT = 4000


def _text(label: Any, hint: Any = "", *, required: bool = False, rows: int = 3) -> CleanTextField:
    return CleanTextField(
        label=label,
        required=required,
        max_length=LONGEST_TEXT,
        help_text=hint,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


class SchemeForm(RecordForm):
    """What the client gets and what it should bring, from day to day."""

    goals = _text(_("Goals"), _("What the scheme should bring, in words."), required=True)
    turnover_goal = MoneyField(
        label=_("Turnover a month, ₽"),
        required=False,
        min_value=Decimal("0.01"),
        help_text=_(
            "Net shipments with VAT; the page of the scheme shows the actual figure beside it."
        ),
    )
    discount_pct = PercentField(
        label=_("Discount, %"),
        required=False,
        help_text=_("Orders of the client may have it without asking."),
    )
    accelerated_days = DaysField(
        label=_("Shipped sooner by, working days"), required=False, max_value=90
    )
    individual_service = _text(
        _("Individual service"), _("A manager of their own, deliveries by the hour, training …")
    )
    special_terms = _text(
        _("Special terms"), _("How obligations of the contract are fulfilled: returns, papers …")
    )
    valid_from = day_field(_("From"))
    valid_to = day_field(_("To, included"))

    def __init__(self, *args: Any, **options: Any) -> None:
        today = timezone.localdate()
        if options.get("record") is None:
            days = min(USUAL_DAYS, setting("relationship.longest_days"))
            period = {"valid_from": today, "valid_to": today + timedelta(days=days)}
            options["initial"] = period | options.get("initial", {})
        super().__init__(*args, **options)
        for name in ("valid_from", "valid_to"):
            self.fields[name].widget.attrs["min"] = today.isoformat()

    def new_values(self) -> dict[str, Any]:
        """Plain values; what is left empty is nothing."""
        values = super().new_values()
        empty = {"discount_pct": Decimal(0), "accelerated_days": 0}
        return {name: values[name] or empty.get(name, values[name]) for name in FIELDS}

    def scheme(self) -> SchemeValues:
        """The values for the action."""
        return SchemeValues(**self.new_values())
