"""Files of sales and debts: names of columns and words of their cells."""

from crm.imports.synonyms.columns import Columns
from crm.imports.synonyms.words import Words

_NUMBER = (
    *("number", "no", "invoiceno", "invoice no", "invoicenumber", "invoice number"),
    *("document number", "номер", "номер документа", "№", "№ документа", "n документа"),
)
_DAY = (
    *("date", "invoicedate", "invoice date", "document date", "дата", "дата документа"),
    *("дата отгрузки", "дата реализации", "период"),
)
_CLIENT = (
    *("client", "customer", "customer name", "client name", "company", "контрагент"),
    *("покупатель", "клиент", "наименование контрагента", "организация покупатель"),
)
_CLIENT_ID = (
    *("customerid", "customer id", "clientid", "client id", "account id"),
    *("код контрагента", "код клиента", "код покупателя"),
)
_COMMON: Columns = {
    "number": _NUMBER,
    "day": _DAY,
    "client": _CLIENT,
    "client_id": _CLIENT_ID,
    "inn": ("inn", "tax number", "инн", "инн контрагента", "инн покупателя", "инн клиента"),
    "kpp": ("kpp", "кпп", "кпп контрагента", "кпп покупателя", "кпп клиента"),
    "territory": ("country", "territory", "region", "страна", "регион", "территория"),
    "contract": ("contract", "договор", "договор контрагента", "номер договора"),
    "vat": ("vat", "ндс", "сумма ндс", "vat amount", "в т ч ндс", "в том числе ндс"),
    "currency": ("currency", "валюта", "валюта документа"),
    "note": ("comment", "note", "комментарий", "примечание"),
    "external_id": ("external id", "guid", "ссылка", "идентификатор", "ид", "код 1с"),
}
SALES: Columns = {
    **_COMMON,
    "kind": (
        *("doctype", "doc type", "document type", "type", "kind", "вид операции"),
        *("тип документа", "вид документа", "документ", "операция", "хозоперация"),
    ),
    "amount": (
        *("amount", "sum", "total", "сумма", "сумма документа", "сумма с ндс", "всего"),
        *("всего с ндс", "стоимость с ндс", "сумма руб"),
    ),
    "vat_rate": ("vat rate", "vat percent", "ставка ндс", "% ндс", "ндс %"),
    "original": (
        *("original", "original document", "original invoice", "документ основание"),
        *("основание", "исходный документ", "документ реализации", "корректируемый документ"),
    ),
    "sku": (
        "stockcode",
        "stock code",
        "sku",
        "article",
        "артикул",
        "код товара",
        "код номенклатуры",
    ),
    "product": (
        *("description", "product", "goods", "item", "номенклатура", "товар"),
        *("наименование товара", "наименование номенклатуры", "товар услуга"),
    ),
    "quantity": ("quantity", "qty", "количество", "кол во"),
    "price": ("unitprice", "unit price", "price", "цена", "цена с ндс"),
}
INVOICES: Columns = {
    **_COMMON,
    "number": (*_NUMBER, "номер счета", "счет", "счет на оплату"),
    "day": (*_DAY, "дата счета"),
    "due": (
        *("duedate", "due date", "due", "срок оплаты", "оплатить до", "дата оплаты план"),
        *("плановая дата оплаты", "дата платежа план"),
    ),
    "amount": (
        *("invoiceamount", "invoice amount", "amount", "sum", "total", "сумма", "сумма счета"),
        *("сумма документа", "сумма с ндс", "всего"),
    ),
    "disputed": ("disputed", "is disputed", "спорный", "оспорен", "оспаривается"),
    "settled": (
        *("settleddate", "settled date", "settled on", "paid on", "payment date"),
        *("дата оплаты", "оплачен", "дата оплаты факт", "дата погашения"),
    ),
}

PROPOSALS: Columns = {
    **_COMMON,
    "number": (*_NUMBER, "opportunity id", "deal id", "номер кп", "номер сделки", "сделка"),
    "client": (*_CLIENT, "account", "account name"),
    "day": (*_DAY, "engage date", "sent on", "дата кп", "дата отправки"),
    "closed": ("close date", "closed on", "дата закрытия", "дата ответа"),
    "stage": ("deal stage", "stage", "status", "state", "стадия", "этап", "статус", "состояние"),
    "product": ("product", "product name", "товар", "номенклатура", "наименование товара"),
    "amount": (
        *("close value", "amount", "deal value", "sum", "total", "сумма", "сумма сделки"),
        *("сумма кп", "сумма с ндс", "всего"),
    ),
}
PRICES: Columns = {
    "sku": (*SALES["sku"], "код", "артикул товара"),
    "product": (*SALES["product"], "name", "product name", "наименование", "название"),
    "price": (*SALES["price"], "новая цена", "отпускная цена", "цена продажи", "цена руб"),
    "min_price": (
        *("min price", "minimum price", "lowest price", "минимальная цена", "мин цена"),
        *("цена не ниже", "нижняя цена"),
    ),
}
PROPOSAL_STAGES: Words = {
    "draft": ("prospecting", "draft", "черновик", "подготовка"),
    "sent": ("engaging", "sent", "отправлено", "переговоры", "предложение отправлено"),
    "accepted": ("won", "accepted", "closed won", "принято", "успешно", "выиграна"),
    "declined": ("lost", "declined", "closed lost", "отклонено", "отказ", "проиграна"),
}

DOCUMENT_KINDS: Words = {
    "sale": (
        *("invoice", "sale", "shipment", "реализация", "отгрузка", "продажа", "отпуск товара"),
        *("реализация товаров", "реализация товаров и услуг", "реализация товары услуги"),
        *("реализация акт накладная упд", "реализация акты накладные упд", "продажа комиссия"),
        *("товары", "услуги", "услуги акт", "товары накладная", "товары накладная упд"),
        *("товары услуги комиссия", "упд", "накладная", "акт"),
    ),
    "return": (
        *("credit note", "creditnote", "return", "refund", "возврат", "возврат товара"),
        *("возврат товаров", "возврат от покупателя", "возврат товаров от покупателя"),
    ),
    "adjustment": (
        *("adjustment", "correction", "корректировка", "корректировка реализации"),
        *("корректировка долга", "сторно", "исправление", "корректировка по согласованию сторон"),
        *("исправление в первичных документах",),
    ),
}
ROUBLE_WORDS = frozenset({"", "rub", "rur", "643", "810", "руб", "р", "₽", "российский рубль"})
WITHOUT_VAT = frozenset({"без ндс", "без налога", "no vat", "none", "не облагается", "—", "-"})
NO_CONTRACT = frozenset({"без договора", "<без договора>", "no contract", "основной договор"})
CREDIT_PREFIXES = {"C": "return", "A": "adjustment"}
# «Реализация … 0000-000123 от 12.01.2026 10:00:00»: number and day of a named document.
DOCUMENT_OF = r"(?:№\s*)?(?P<number>[\w/\-]+)\s+от\s+(?P<day>\d{2}\.\d{2}\.\d{4})"

# Reports of 1C about debts (D.12.3): their titles, marks and documents by first words.
TOTAL_ROW = "итого"
NOT_DUE, OVERDUE, ALL = "не просрочено", "просрочено", "всего"
CONTRACT_WORDS = ("договор", "дог", "контракт", "соглашение", "счет", "№")
MONTHS = (
    *("январь", "февраль", "март", "апрель", "май", "июнь"),
    *("июль", "август", "сентябрь", "октябрь", "ноябрь", "декабрь"),
)
DEBT_DOCUMENTS: Words = {
    "sale": (
        "реализация",
        "акт",
        "накладная",
        "упд",
        "оказание услуг",
        "ввод остатков",
        "ввод начальных",
    ),
    "payment": ("поступление", "оплата", "приходный кассовый ордер", "платежное поручение"),
    "refund": ("списание с", "возврат денежных", "выдача"),
    "return": ("возврат",),
    "adjustment": ("корректировка",),
    "write_off": ("списание",),
}
