"""Policy of workload: how many clients one manager keeps, when that is too much or too little."""

from django.utils.translation import gettext_lazy as _

from crm.work.registry import Group

WORKLOAD = Group(_("Workload"))
# How many clients of one kind alone make a full load; demand of A is eight contacts a month.
FULL = (
    ("A", 12, _("A full load is, of category A")),
    ("B", 30, _("A full load is, of category B")),
    ("C", 70, _("A full load is, of category C")),
    ("new", 40, _("A full load is, of clients without a category")),
)


def register_workload_policy() -> None:
    """Declare the settings."""
    for key, most, label in FULL:
        WORKLOAD.whole(f"workload.full.{key}", most, 1, 5_000, label, _("clients"))
    WORKLOAD.whole("workload.over_percent", 110, 50, 500, _("Overloaded above"), "%")
    WORKLOAD.whole("workload.under_percent", 50, 0, 200, _("Room for more clients below"), "%")
    WORKLOAD.whole(
        "workload.history_months", 6, 1, 24, _("The card of a person shows results of"), _("months")
    )
