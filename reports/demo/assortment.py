"""The assortment matrix of the demo: for all, for chains, and a change that a head asks for."""

from __future__ import annotations

from datetime import date
from uuid import NAMESPACE_URL, uuid5

from deals.actions.assortment import MatrixHead, MatrixLine, create_matrix, propose_change
from deals.models import Product
from reports.demo.people import Staff

MUST = 2  # of each group for chains; one for all others
MATRICES = (("", ""), ("Сети", ""), ("Сети", "A"), ("HoReCa", ""))
LEFT_OUT = {"HoReCa": ("Бытовая химия",), "": ("Упаковка и посуда",)}
REASON = "Три сети просят постоянную выкладку, оборот группы вырос."


def add_assortment(staff: Staff, today: date) -> None:
    """Written by marketing before the visits; one proposal waits for its decision."""
    marketer, head = staff.by_login["marketer"], staff.by_login["head"]
    products = list(Product.objects.select_related("group").order_by("group", "sku"))
    made = {}
    for channel, category in MATRICES:
        made[channel, category] = create_matrix(
            by=marketer,
            head=MatrixHead(channel, category),
            lines=_lines(products, channel, category),
            key=uuid5(NAMESPACE_URL, f"{today}-{channel}-{category}"),
        )
    chosen = made["Сети", ""]
    free = chosen.lines.filter(obligatory=False).select_related("product").first()
    if free is not None:
        propose_change(
            chosen.pk,
            by=head,
            product=free.product,
            change="obligatory",
            reason=REASON,
            today=today,
        )


def _lines(products: list[Product], channel: str, category: str) -> list[MatrixLine]:
    out, seen = LEFT_OUT.get(channel, ()), dict[str, int]()
    must = MUST + 1 if category else MUST if channel else 1
    lines = []
    for product in products:
        group = product.group.name if product.group else ""
        if group in out:
            continue
        seen[group] = seen.get(group, 0) + 1
        lines.append(MatrixLine(product, seen[group] <= must))
    return lines
