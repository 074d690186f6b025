"""Forms of retro bonuses: the agreement with its tiers, the calculator, what was given."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.fields import CleanCharField, CleanTextField, MoneyField, PercentField
from crm.forms import PlainForm, RecordForm, VersionForm, day_field
from deals.actions.retro import FIELDS, RetroValues, tiers_of
from deals.actions.retro_accruals import DOCUMENT_LENGTH
from deals.bonuses.retro import Tier
from deals.models import AccrualState, RetroBase, RetroMode, RetroPeriod

TIERS = 6


class RetroForm(RecordForm):
    """What is agreed; tiers are pairs of fields, what is left empty is no tier."""

    base = forms.ChoiceField(
        label=_("Based on"),
        choices=RetroBase.choices,
        help_text=_("Without VAT; goods that came back are taken off."),
    )
    period = forms.ChoiceField(label=_("Period"), choices=RetroPeriod.choices)
    mode = forms.ChoiceField(
        label=_("Tier scale"),
        choices=RetroMode.choices,
        help_text=_(
            "Flat: the whole base at the tier reached; progressive: each part at its own tier."
        ),
    )
    valid_from = day_field(_("From"))
    valid_to = day_field(_("To, included"))
    is_food = forms.BooleanField(
        label=_("Food"),
        required=False,
        help_text=_("The law caps the bonus and forbids it for socially important goods."),
    )
    services_pct = PercentField(
        label=_("Payment for services, %"),
        required=False,
        help_text=_("Promotion, logistics and the like; counts towards the same cap for food."),
    )
    conditions = CleanTextField(
        label=_("Conditions"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("For example: no debt overdue for more than 10 days on the last day."),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        if options.get("record") is None:
            usual = {"valid_from": timezone.localdate(), "period": RetroPeriod.QUARTER}
            options["initial"] = usual | options.get("initial", {})
        super().__init__(*args, **options)
        self.fields["valid_to"].required = False
        self.fields["valid_to"].help_text = _("Empty: as long as the contract.")
        for place in range(1, TIERS + 1):
            self.fields[f"from_{place}"] = MoneyField(
                label=_("From, ₽ without VAT"), required=False
            )
            self.fields[f"pct_{place}"] = PercentField(label=_("Bonus, %"), required=False)
        if self.record is not None and not self.is_bound:
            for place, tier in enumerate(tiers_of(self.record)[:TIERS], start=1):  # type: ignore[arg-type]
                self.initial[f"from_{place}"] = tier.from_volume
                self.initial[f"pct_{place}"] = tier.pct

    @property
    def tier_rows(self) -> list[tuple[Any, Any]]:
        """Pairs of fields."""
        return [(self[f"from_{place}"], self[f"pct_{place}"]) for place in range(1, TIERS + 1)]

    def clean(self) -> dict[str, Any]:
        """A tier has both its volume and its percent, and no gap stands before it."""
        values: dict[str, Any] = super().clean() or self.cleaned_data
        gap = False
        for place in range(1, TIERS + 1):
            volume, pct = values.get(f"from_{place}"), values.get(f"pct_{place}")
            if volume is None and pct is None:
                gap = True
            elif volume is None:
                self._miss(f"from_{place}")
            elif pct is None:
                self._miss(f"pct_{place}")
            elif gap:
                self.add_error(f"from_{place}", _("Leave no empty tier before it."))
        return values

    def _miss(self, name: str) -> None:
        if name not in self.errors:
            self.add_error(name, _("A tier needs its volume and its percent."))

    def retro(self) -> RetroValues:
        """The values for the action."""
        values = self.cleaned_data
        pairs = ((values[f"from_{n}"], values[f"pct_{n}"]) for n in range(1, TIERS + 1))
        tiers = [Tier(volume, pct) for volume, pct in pairs if volume is not None]
        head = {name: values[name] for name in FIELDS}
        head["services_pct"] = head["services_pct"] or Decimal(0)
        return RetroValues(tiers=tiers, **head)


class CalculatorForm(PlainForm):
    """Days whose documents are counted, or a base to try."""

    first = day_field(_("From"))
    last = day_field(_("To, included"))
    base = MoneyField(
        label=_("Or for a base of, ₽ without VAT"),
        required=False,
        help_text=_("Empty: by the documents of these days."),
    )

    def clean(self) -> dict[str, Any]:
        """Days in order."""
        values: dict[str, Any] = super().clean() or self.cleaned_data
        first, last = values.get("first"), values.get("last")
        if first and last and last < first:
            self.add_error("last", _("The last day is not before the first."))
        return values


class GiveForm(VersionForm):
    """How the bonus was given, by which document."""

    way = forms.ChoiceField(
        label=_("How"),
        choices=[
            (AccrualState.OFFSET, AccrualState.OFFSET.label),
            (AccrualState.PAID, AccrualState.PAID.label),
        ],
    )
    document = CleanCharField(
        label=_("Document"),
        max_length=DOCUMENT_LENGTH,
        help_text=_("For example: act of set-off no. 14, payment order no. 512."),
    )
    on = day_field(_("Day"))
