"""What a client owes by overdue invoices on a day, with penalty or interest by each.

A contract with a penalty has it counted, every other debt interest by the key rate: never both for
one breach (Civil Code art. 395 p. 4). Who may see the invoices is decided before.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as _

from claims.models import AccrualKind, KeyRate
from claims.outgoing import accruals
from claims.outgoing.accruals import Accrual, NoRate, Part, Rate
from claims.outgoing.sheets import Sheet, SheetLine
from crm.errors import RuleViolation
from crm.work.registry import setting
from deals.models import Allocation, Invoice

NOTHING = Accrual((), accruals.ZERO)


def count(invoices: Iterable[Invoice], to: date, *, with_accrual: bool = True) -> Sheet:
    """The sheet of the invoices, their contracts read along, as of the end of the day.

    Two queries. Raises RuleViolation where the key rate of a day is not known.
    """
    rows = list(invoices)
    paid: dict[int, list[Part]] = defaultdict(list)
    settled = Allocation.objects.filter(invoice__in=rows, on_day__lte=to).order_by("on_day", "pk")
    for invoice, on, amount in settled.values_list("invoice", "on_day", "amount"):
        paid[invoice].append(Part(on, amount))
    rates = KeyRate.objects.table()
    lines = (_line(row, to, paid[row.pk], rates, with_accrual=with_accrual) for row in rows)
    return Sheet(to, tuple(lines), rates[-1].valid_from if rates else None)


def stale_since(today: date) -> date | None:
    """The day of the last key rate where it is older than the setting: time to look for a new one.

    The first day of all where there is no rate at all.
    """
    last: date | None = KeyRate.objects.last_day()
    if last is None:
        return date.min
    return last if (today - last).days > setting("outgoing.rate_stale_days") else None


def kind_of(invoice: Invoice, *, with_accrual: bool = True) -> AccrualKind:
    """The penalty of its contract, else interest."""
    if not with_accrual:
        return AccrualKind.NONE
    contract = invoice.contract
    return AccrualKind.PENALTY if contract and contract.penalty_pct_day else AccrualKind.INTEREST


def _line(
    invoice: Invoice, to: date, paid: list[Part], rates: list[Rate], *, with_accrual: bool
) -> SheetLine:
    kind = kind_of(invoice, with_accrual=with_accrual)
    contract = invoice.contract
    is_penalty = kind == AccrualKind.PENALTY and contract is not None
    return SheetLine(
        invoice_id=invoice.pk,
        number=invoice.number,
        issued_on=invoice.issued_on,
        due_on=invoice.due_on,
        contract=contract.number if contract else "",
        amount=invoice.amount,
        debt=accruals.debt_at(invoice.amount, paid, invoice.due_on),
        principal=accruals.debt_at(invoice.amount, paid, to),
        kind=kind,
        accrual=_accrual(invoice, to, paid, rates, kind),
        paid=tuple(part for part in paid if part.on > invoice.due_on),
        rate=contract.penalty_pct_day if contract and is_penalty else None,
        cap_percent=contract.penalty_cap_pct if contract and is_penalty else None,
    )


def _accrual(
    invoice: Invoice, to: date, paid: list[Part], rates: list[Rate], kind: AccrualKind
) -> Accrual:
    contract = invoice.contract
    if kind == AccrualKind.NONE:
        return NOTHING
    if kind == AccrualKind.PENALTY and contract and contract.penalty_pct_day:
        most = contract.penalty_cap_pct
        return accruals.penalty(
            invoice.amount, invoice.due_on, to, contract.penalty_pct_day, most, paid
        )
    try:
        return accruals.interest(invoice.amount, invoice.due_on, to, rates, paid)
    except NoRate as none:
        text = _("The key rate of %(day)s is not known: enter it, or claim the debt only.")
        raise RuleViolation(text % {"day": none}) from none
