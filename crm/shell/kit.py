"""Made-up data for the page that shows every building block (only with DEBUG)."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _


class SampleForm(forms.Form):
    """Fields in each state, never saved."""

    name = forms.CharField(max_length=100)
    kind = forms.ChoiceField(choices=[("a", "A"), ("b", "B")])
    amount = forms.DecimalField(required=False)
    agreed = forms.BooleanField(required=False)


def samples() -> dict[str, Any]:
    """Figures for charts, tables and forms of the kit."""
    form = SampleForm({"kind": "a", "amount": "-"})
    form.add_error(None, _("The form as a whole can be wrong too."))
    return {
        "form": form,
        "spark": [3, 5, 4, 8, 7, 9, 12, 11, 14],
        "parts": [
            (Decimal(62), "accent", "0–30"),
            (Decimal(25), "warning", "31–60"),
            (Decimal(13), "danger", "60+"),
        ],
        "heat": [(0, "—"), (12, "12 %"), (35, "35 %"), (55, "55 %"), (78, "78 %"), (100, "100 %")],
        "amounts": [Decimal("1234567.5"), Decimal("-15300.40"), Decimal(0), None],
        "spec": {
            "type": "bar",
            "unit": "money",
            "rows_title": _("Month"),
            "labels": ["06", "07", "08", "09", "10", "11"],
            "datasets": [
                {"label": _("Actual"), "data": [820, 910, 640, 1120, 1290, 760], "tone": "accent"},
                {
                    "label": _("Plan"),
                    "data": [900, 900, 900, 1000, 1000, 1000],
                    "type": "line",
                    "tone": "neutral",
                    "dashed": True,
                },
            ],
        },
    }
