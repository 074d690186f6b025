"""Files of monthly plans: names of columns."""

from crm.imports.synonyms.documents import Columns

PLANS: Columns = {
    "code": ("code", "client code", "код", "код клиента"),
    "client": ("client", "client name", "клиент", "контрагент", "покупатель", "наименование"),
    "ship": ("shipments", "sales", "отгрузки", "отгрузка", "план отгрузок", "план продаж"),
    "cash": (
        *("receipts", "cash", "поступления", "приход денег", "деньги", "план поступлений"),
        "оплаты",
    ),
    "active": ("active", "активность", "активный", "активен", "акб", "покрытие"),
    "contacts": ("contacts", "контакты", "план контактов", "контактов"),
    "comment": ("comment", "комментарий", "примечание"),
}
