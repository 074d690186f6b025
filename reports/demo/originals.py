"""Originals of the demo that people hold."""

from datetime import date, timedelta

from crm.originals.actions import issue_original, receive_original
from reports.demo.people import Staff

# Kind, what, number, who holds it, days since it was given out, for how many days, is it back.
GIVEN = (
    ("document", "Договор поставки, подлинник", "Д-2025-000010", "manager", 20, 14, False),
    ("document", "Устав, нотариальная копия", "", "sector", 3, 14, False),
    ("document", "Доверенность, подлинник", "2/2026", "manager2", 40, 30, True),
    ("valuable", "Образцы продукции, комплект", "К-12", "manager2", 9, 30, False),
)


def add_originals(staff: Staff, today: date) -> None:
    """The lawyer gives out; one is overdue, one has come back."""
    lawyer = staff.by_login["lawyer"]
    for kind, item, number, login, ago, lasts, is_back in GIVEN:
        day = today - timedelta(days=ago)
        made = issue_original(
            by=lawyer,
            kind=kind,
            item=item,
            number=number,
            holder=staff.by_login[login],
            issued_on=day,
            return_due=day + timedelta(days=lasts),
            note="",
            today=today,
        )
        if is_back:
            receive_original(made.pk, by=lawyer, version=1, today=today - timedelta(days=12))
