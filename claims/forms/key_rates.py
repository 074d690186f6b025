"""The form of a key rate."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from crm.fields import PercentField
from deals.forms.credit import PlainForm, day_field


class KeyRateForm(PlainForm):
    """A rate from a day on."""

    percent = PercentField(
        label=_("Rate, % a year"),
        min_value=Decimal("0.01"),
    )
    valid_from = day_field(_("From"))
