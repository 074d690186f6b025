"""What a document of 1C is here, by its «ХозОперация» (names vary between programs)."""

from __future__ import annotations

from enum import StrEnum

from deals.importers.commerceml.content import Paper


class Fate(StrEnum):
    """What becomes of a document; also the name of its count."""

    ORDER = "orders"
    SALE = "shipments"
    RETURN = "returns"
    INVOICE = "invoices"
    PAYMENT = "payments"
    REFUND = "refunds"
    OTHER = "others"  # stands for nothing in the books of ours


OPERATIONS: dict[str, Fate] = {
    "заказ товара": Fate.ORDER,
    "отпуск товара": Fate.SALE,
    "реализация": Fate.SALE,
    "реализация товаров": Fate.SALE,
    "реализация товаров и услуг": Fate.SALE,
    "продажа": Fate.SALE,
    "возврат товара": Fate.RETURN,
    "возврат товаров": Fate.RETURN,
    "возврат товаров от покупателя": Fate.RETURN,
    "счет на оплату": Fate.INVOICE,
    "счёт на оплату": Fate.INVOICE,
    # The shop's side calls the buyer's money «выплата», the bookkeeping «поступление».
    "выплата безналичных денег": Fate.PAYMENT,
    "поступление безналичных денег": Fate.PAYMENT,
    "выплата наличных денег": Fate.PAYMENT,
    "поступление наличных денег": Fate.PAYMENT,
    "эквайринговая операция": Fate.PAYMENT,
    "возврат безналичных денег": Fate.REFUND,
    "возврат наличных денег": Fate.REFUND,
    "счет-фактура": Fate.OTHER,
    "счёт-фактура": Fate.OTHER,
    "прочие": Fate.OTHER,
}
KEPT = frozenset({Fate.ORDER, Fate.SALE, Fate.RETURN, Fate.INVOICE, Fate.PAYMENT, Fate.REFUND})
ROUBLES = frozenset({"", "руб", "руб.", "р", "р.", "rub", "rur", "643", "810", "₽"})
_GUID_LENGTH = 36


def fate_of(paper: Paper) -> Fate | None:
    """What becomes of the document; None for an operation that is not known."""
    return OPERATIONS.get(" ".join(paper.operation.casefold().split()))


def external_id_of(paper: Paper, fate: Fate) -> str:
    """Finds the document again: its GUID, else its number of the file among its own kind."""
    if len(paper.id) >= _GUID_LENGTH:
        return paper.id
    side = paper.side.key if paper.side else ""
    own = paper.id or f"{paper.number}:{paper.day}:{side}"
    return f"commerceml:{fate}:{own}"[:200]
