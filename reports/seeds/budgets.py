"""Items that every installation starts with; what a person edited or archived stays."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from clients import books
from clients.seeds import written_in
from crm.history import verb
from reports.models import BudgetItem

# Stable codes: rules and demo data name them.
ITEMS: dict[str, Promise | str] = {
    "representation": _("Entertainment expenses"),
    "travel": _("Business trips"),
    "transport": _("Transport and fuel"),
    "communication": _("Telephone and internet"),
    "sales_technology": _("Sales technology: software, EDI, equipment"),
    "samples": _("Samples and presentation materials"),
    "advertising": _("Advertising and exhibitions"),
    "training": _("Staff training"),
    "office": _("Office and stationery"),
    "other": _("Other costs"),
}
OF_LIMIT = {"representation"}


def seed_budget_items() -> int:
    """Add the missing items by their codes; returns how many were added."""
    known = set(BudgetItem.objects.values_list("code", flat=True))
    rows = [
        BudgetItem(
            code=code,
            order=order,
            is_representation=code in OF_LIMIT,
            name_ru=written_in("ru", name),
            name_en=written_in("en", name),
        )
        for order, (code, name) in enumerate(ITEMS.items(), start=1)
        if code not in known
    ]
    with verb("dictionary.seeded", by=None):
        BudgetItem.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def register_budget_book() -> None:
    """Among the dictionaries that the administrator keeps."""
    flag = books.flag(
        "is_representation",
        _("Entertainment"),
        _("Expenses name the client's contact and count against the limit of the person"),
        initial=False,
    )
    books.register(books.Book("budget_items", BudgetItem, _("Items of the budget"), (flag,)))
