"""Policy of plan and fact: from which percentage a figure is good, from which one it is bad."""

from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from crm.work.registry import Group, Kind

FACTS = Group(_("Plan vs actual"))
BORDERS = (
    ("good_percent", 100, _("Plan vs actual: green from")),
    ("fair_percent", 90, _("Plan vs actual: yellow from, red below")),
)


def register_fact_policy() -> None:
    """Declare the settings of plan and fact."""
    for name, default, label in BORDERS:
        FACTS.register(
            f"plan_fact.{name}",
            kind=Kind.DECIMAL,
            default=Decimal(default),
            minimum=0,
            maximum=1000,
            label=label,
            unit="%",
        )
