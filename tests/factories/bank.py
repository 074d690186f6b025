"""Files of a bank, made in the test: 1CClientBankExchange with what the test is about.

content = bank.statement([bank.document("1", "100.00", payee=OURS)], account=OURS)
"""

OURS = "40702810000000099999"
SECOND = "40702810000000088888"
THEIRS = "40702810810000007919"
OTHERS = "40702810300000077777"
DAY = "20.10.2026"


def document(number, amount, *, payer=THEIRS, payee=OURS, kind="Платежное поручение", **more):
    """Lines of one document; `more` adds or replaces keys, None leaves one out."""
    dates = {"ДатаПоступило": DAY} if payee == OURS else {"ДатаСписано": DAY}
    fields = {
        "Номер": number,
        "Дата": DAY,
        "Сумма": amount,
        "ПлательщикСчет": payer,
        "ПлательщикИНН": "7701000019",
        "Плательщик1": 'ООО "Ромашка"',
        "ПлательщикРасчСчет": payer,
        "ПлательщикБИК": "044599777",
        "ПолучательСчет": payee,
        "ПолучательИНН": "7709000099",
        "Получатель1": 'ООО "Дистрибьютор"',
        "ПолучательРасчСчет": payee,
        "ПолучательБИК": "044599777",
        "НазначениеПлатежа": "Оплата за товар",
        **dates,
        **more,
    }
    lines = [f"{key}={value}" for key, value in fields.items() if value is not None]
    return [f"СекцияДокумент={kind}", *lines, "КонецДокумента"]


def section(
    account=OURS, *, first=DAY, last=DAY, opening="0", received="0", spent="0", closing=None
):
    """Lines of an account section; the closing balance adds up unless it is given."""
    sums = [float(text.replace(",", ".")) for text in (opening, received, spent)]
    closing = f"{sums[0] + sums[1] - sums[2]:.2f}" if closing is None else closing
    return [
        "СекцияРасчСчет",
        f"ДатаНачала={first}",
        f"ДатаКонца={last}",
        f"РасчСчет={account}",
        f"НачальныйОстаток={opening}",
        f"ВсегоПоступило={received}",
        f"ВсегоСписано={spent}",
        f"КонечныйОстаток={closing}",
        "КонецРасчСчет",
    ]


def text(documents=(), sections=None, *, account=OURS, end="КонецФайла"):
    """The whole file as lines joined by CRLF."""
    lines = [
        "1CClientBankExchange",
        "ВерсияФормата=1.03",
        "Кодировка=Windows",
        "Отправитель=Банк",
        f"ДатаНачала={DAY}",
        f"ДатаКонца={DAY}",
        f"РасчСчет={account}",
    ]
    for part in [section(account)] if sections is None else sections:
        lines += part
    for part in documents:
        lines += part
    return "\r\n".join([*lines, end, ""])


def statement(documents=(), sections=None, *, encoding="cp1251", **more):
    """The file in an encoding."""
    return text(documents, sections, **more).encode(encoding)
