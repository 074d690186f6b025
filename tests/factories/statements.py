"""An act that is with the client, and what the client's own books say about it."""

from datetime import date

from tests.deals import filled_acts
from tests.factories import categories, deals, reconciliations

TODAY = reconciliations.TODAY
OCTOBER = date(2026, 10, 1)
# Theirs, as they write it: the payments P3 and P4 in one, I3 with a slip of the hand, I4 missing.
THEIRS = [
    ["", "Сальдо начальное", "", "730 450,75"],
    ["10.10.2026", "Списание с расчётного счёта (вх. P1 от 10.10.2026)", "300 000,00", ""],
    ["20.10.2026", "Поступление товаров (УПД I3 от 20.10.2026)", "", "512 999,52"],
    ["20.10.2026", "Списание с расчётного счёта (вх. P2 от 20.10.2026)", "180 450,75", ""],
    ["22.10.2026", "Списание с расчётного счёта", "30 000,00", ""],
    ["", "Обороты за период", "510 450,75", "512 999,52"],
    ["", "Сальдо конечное", "", "732 999,52"],
]
I3, I4 = 2, ["25.10.2026", "Поступление товаров (УПД I4 от 25.10.2026)", "", "50 000,00"]


def as_xlsx(rows):
    """A table of the client's half alone."""
    return filled_acts.xlsx([filled_acts.HEADER, *rows])


def agreeing():
    """The same without the slip and with I4."""
    rows = [list(row) for row in THEIRS]
    rows[I3][3] = "512 999,25"
    rows.insert(5, I4)
    rows[-2] = ["", "Обороты за период", "510 450,75", "562 999,25"]
    rows[-1] = ["", "Сальдо конечное", "", "782 999,25"]
    return rows


def client(manager, **more):
    """The client of REC-2 with two more payments and one more shipment."""
    made = categories.client(manager, category="A", status="client", **more)
    deals.sale(made, "730450.75", on=date(2026, 9, 10), number="I1")
    for number, amount, day in (("I3", "512999.25", 20), ("I4", "50000.00", 25)):
        deals.sale(made, amount, on=date(2026, 10, day), number=number)
    payments = (("P1", "300000.00", 10), ("P2", "180450.75", 20), ("P3", "12000.00", 22))
    for number, amount, day in (*payments, ("P4", "18000.00", 22)):
        deals.payment(made, amount, on=date(2026, 10, day), number=number)
    return made


def act(manager, *, by=None, **more):
    """Its act of October, sent."""
    return reconciliations.sent(client(manager, **more), by=by or manager, first=OCTOBER)
