"""Policy of returns: how long goods may be on their way, what the evidence looks back at."""

from django.utils.translation import gettext_lazy as _

from crm.work.registry import Group

RETURNS = Group(_("Returns of goods"))
CALENDAR = _("calendar days")
WHOLE = (
    ("receive_days", 14, 1, 180, _("Goods of an approved return come within"), CALENDAR),
    (
        "refused_days",
        14,
        1,
        90,
        _("A rejected return stays in My day until the client is notified, at most"),
        CALENDAR,
    ),
    ("rate_months", 12, 1, 60, _("The return rate of a client is counted over"), _("months")),
    ("sales_days", 365, 30, 3650, _("Sales are offered for a return for"), CALENDAR),
)


def register_return_policy() -> None:
    """Declare the settings of returns."""
    for name, default, least, most, label, unit in WHOLE:
        RETURNS.whole(f"return.{name}", default, least, most, label, unit)
