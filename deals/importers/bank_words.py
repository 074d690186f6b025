"""Words of the format 1CClientBankExchange (D.12.1), without case and ё."""

import re

SIGNATURE = "1cclientbankexchange"
END_OF_FILE = ("конецфайла", "конецвыписки")
ACCOUNT_SECTION, END_OF_ACCOUNT = "секциярасчсчет", "конецрасчсчет"
DOCUMENT_SECTION, END_OF_DOCUMENT = "секциядокумент", "конецдокумента"
SECTION, END = "секция", "конец"

SENDER, FIRST, LAST = "отправитель", "датаначала", "датаконца"
ACCOUNT = "расчсчет"
OPENING, RECEIVED = "начальныйостаток", "всегопоступило"
SPENT, CLOSING = "всегосписано", "конечныйостаток"

NUMBER, DAY, AMOUNT = "номер", "дата", "сумма"
WRITTEN_OFF_ON, RECEIVED_ON = "датасписано", "датапоступило"
PURPOSE = "назначениеплатежа"
PAYER, PAYEE = "плательщик", "получатель"
INN, KPP, BIC, BANK = "инн", "кпп", "бик", "банк1"
OWN_ACCOUNT, ACCOUNT_AT_BANK = "расчсчет", "счет"

# Words by which an encoding is known to be the right one.
TELLING = ("секция", "конецфайла", "расчсчет", "датаначала", "версияформата", "кодировка")
# As a person reads them in a refusal.
SHOWN = {
    ACCOUNT_SECTION: "СекцияРасчСчет",
    END_OF_ACCOUNT: "КонецРасчСчет",
    DOCUMENT_SECTION: "СекцияДокумент",
    END_OF_DOCUMENT: "КонецДокумента",
}
ENDS = {ACCOUNT_SECTION: END_OF_ACCOUNT, DOCUMENT_SECTION: END_OF_DOCUMENT}
MARKS = frozenset([SIGNATURE, *END_OF_FILE, *SHOWN])
SAME_LETTERS = str.maketrans({"ё": "е"})
# «ИНН 7701000019 КПП 770101001 ООО …»
INN_BEFORE_NAME = re.compile(
    r"^(?:ИНН\s*)?[0-9]{10,12}(?:[\s,;/]+КПП\s*[0-9]{9})?[\s,;/]+", re.IGNORECASE
)
# Kinds of documents of DirectBank, by the element that holds them.
XML_KINDS = {
    "PayDocRu": "Платежное поручение",
    "PayRequest": "Платежное требование",
    "CollectionOrder": "Инкассовое поручение",
    "PaymentOrder": "Платежный ордер",
    "BankOrder": "Банковский ордер",
    "MemOrder": "Мемориальный ордер",
    "CashContribution": "Объявление на взнос наличными",
    "Check": "Денежный чек",
}
