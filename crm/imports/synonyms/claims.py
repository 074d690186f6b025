"""Files of claims and returns with reasons: names of columns, words of reasons."""

from crm.imports.synonyms.documents import SALES, Columns, Words

CLAIMS: Columns = {
    **{name: SALES[name] for name in ("client", "inn", "kpp", "territory")},
    "client_id": (*SALES["client_id"], "user id"),
    "number": (
        *("number", "no", "claim", "claim number", "order id", "order number", "номер"),
        *("номер претензии", "претензия", "номер обращения", "номер заказа"),
    ),
    "day": (
        *("date", "return date", "claim date", "registered on", "дата"),
        *("дата претензии", "дата возврата", "дата обращения", "зарегистрирована"),
    ),
    "sold_on": (
        *("order date", "sold on", "sale date", "дата заказа", "дата отгрузки", "дата продажи"),
        "дата реализации",
    ),
    "sale": ("shipment", "invoice", "sale", "отгрузка", "накладная", "упд", "реализация"),
    "status": ("return status", "status", "state", "статус", "статус возврата", "состояние"),
    "reason": (
        *("return reason", "reason", "claim reason", "причина", "причина возврата"),
        "причина претензии",
    ),
    "sku": (*SALES["sku"], "product id"),
    "product": ("product", "product name", "goods", "item", "товар", "номенклатура"),
    "group": (
        *("product category", "category", "product group", "категория товара", "группа товара"),
        *("товарная группа", "номенклатурная группа", "категория"),
    ),
    "quantity": (*SALES["quantity"], "order quantity", "return quantity"),
    "price": (*SALES["price"], "product price"),
    "amount": ("amount", "sum", "total", "сумма", "сумма претензии", "сумма возврата"),
    "note": ("description", "comment", "note", "описание", "комментарий", "что случилось"),
    "external_id": ("external id", "внешний код", "id"),
}
# By the code of the reason; whatever else a file says is a reason of its own.
CLAIM_REASONS: Words = {
    "quality": ("defective", "defect", "quality", "брак", "дефект", "качество"),
    "shortage": ("shortage", "missing", "недостача", "недопоставка"),
    "misgrade": ("wrong item", "wrong goods", "wrong product", "пересорт", "не тот товар"),
    "breakage": ("damaged", "broken", "breakage", "бой", "повреждение", "бой повреждение"),
    "expiry": ("expired", "shelf life", "срок годности", "истёк срок годности"),
    "late_delivery": ("late delivery", "late", "опоздание", "опоздание поставки"),
    "documents": ("documents", "документы", "ошибка в документах"),
    "price": ("price", "wrong price", "цена", "ошибка в цене"),
    "other": ("other", "прочее", "другое"),
}
# Rows of a file of orders from which nothing came back.
NOT_RETURNED = frozenset({"not returned", "no", "нет", "не возвращён", "без возврата"})
