"""A file of every kind of import whose rows are told by a tag, and what must become of them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from django.utils import timezone

from clients.models import Client, ContactLog, Counterparty
from crm.accounts.models import User
from deals.models import Allocation, BankStatement, Invoice, Payment, Product, Proposal, Shipment
from tests.deals import commerceml as cml
from tests.deals.importing import as_bytes, workbook
from tests.factories import bank

Make = Callable[[str, int], bytes]


@dataclass(frozen=True)
class Case:
    """A kind of file: how it is made, and how many rows of each table carry its tag afterwards."""

    name: str
    kind: str
    suffix: str
    make: Make
    expected: Callable[[str, int], dict]  # rows by table, given the tag and the number
    rows: int
    by: str = "accountant"
    options: dict = field(default_factory=dict)

    def count(self, tag: str) -> dict:
        """How many rows carry the tag now, by table."""
        return {name: rows.count() for name, rows in tagged(tag)[self.kind].items()}


def tagged(tag: str) -> dict:
    """Rows that a file with this tag writes, by kind of import and table."""
    ours = Client.objects.filter(name__contains=tag)
    invoices = Invoice.objects.filter(client__in=ours)
    money = {
        "clients": ours,
        "shipments": Shipment.objects.filter(client__in=ours),
        "invoices": invoices,
        "payments": Payment.objects.filter(client__in=ours),
        "allocations": Allocation.objects.filter(invoice__in=invoices),
    }
    return {
        "bank": {
            "payments": Payment.objects.filter(purpose__contains=tag),
            "statements": BankStatement.objects.filter(own_account__account=account_of(tag)),
        },
        "sales": money,
        "invoices": money,
        "receivables": money,
        "commerceml": money,
        "proposals": {
            "clients": ours,
            "proposals": Proposal.objects.filter(client__in=ours),
        },
        "clients": {
            "clients": ours,
            "requisites": Counterparty.objects.filter(client__in=ours),
        },
        "people": {"people": User.objects.filter(last_name__startswith=f"Х{letters(tag)}")},
        "contacts": {"contacts": ContactLog.objects.filter(external_id__startswith=tag)},
    }


def account_of(tag: str) -> str:
    """An account of ours of its own for every run."""
    return f"40702810{tag[-12:]}"


def letters(tag: str) -> str:
    """The tag in Cyrillic letters, as names of people have no digits."""
    return "".join("абвгдежзик"[int(digit)] for digit in tag if digit.isdigit())


def statement(tag: str, rows: int) -> bytes:
    """Text of 1C with payments of unknown people."""
    ours = account_of(tag)
    papers = [
        bank.document(
            f"{number}",
            f"{number + 1}.00",
            payee=ours,
            ДатаПоступило=bank.DAY,
            ДатаСписано=None,
            НазначениеПлатежа=f"{tag} оплата",
        )
        for number in range(rows)
    ]
    return bank.statement(papers, account=ours, sections=[bank.section(ours)])


def direct_bank(tag: str, rows: int) -> bytes:
    """XML of DirectBank with the same."""
    ours = account_of(tag)
    operations = "".join(
        f'<OperationInfo><PayDoc id="{number}" docKind="10"><PayDocRu><DocNo>{number}</DocNo>'
        f"<DocDate>2026-10-20</DocDate><Sum>{number + 1}</Sum>"
        f"<Payer><Name>Ромашка</Name><INN>7701000019</INN><Account>{bank.THEIRS}</Account></Payer>"
        f"<Payee><Name>Мы</Name><INN>7709000099</INN><Account>{ours}</Account></Payee>"
        f"<Purpose>{tag} оплата</Purpose></PayDocRu></PayDoc><DC>2</DC><Date>2026-10-20</Date>"
        "</OperationInfo>"
        for number in range(rows)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><Statement xmlns="http://directbank.1c.ru/XMLSchema">'
        f"<Data><DateFrom>2026-10-20</DateFrom><DateTo>2026-10-20</DateTo><Account>{ours}</Account>"
        f"{operations}</Data></Statement>"
    ).encode()


def sales(tag: str, rows: int) -> bytes:
    """Sales and every tenth a return, of fifty new clients."""
    lines = [["Номер", "Дата", "Контрагент", "Сумма"]]
    lines += [
        [f"{tag}-{n}", "12.01.2026", f"Клиент {tag} {n % 50}", 100 if n % 10 else -5]
        for n in range(rows)
    ]
    return as_bytes(lines)


def invoices(tag: str, rows: int) -> bytes:
    """Invoices of fifty new clients, every other one settled by its payment."""
    lines = [["Номер счета", "Дата", "Срок оплаты", "Контрагент", "Сумма", "Дата оплаты"]]
    lines += [
        [f"{tag}-{n}", "12.01.2026", "20.01.2026", f"Клиент {tag} {n % 50}", 500,
         "25.01.2026" if n % 2 else ""]
        for n in range(rows)
    ]  # fmt: skip
    return as_bytes(lines)


def receivables(tag: str, rows: int) -> bytes:
    """The report of 1C: each buyer bought once and paid a half."""
    lines = [
        ["ООО «Склад»"],
        ["Задолженность покупателей за 01.01.2026 - 31.01.2026"],
        [],
        ["Покупатель", "ИНН", "Долг на начало", "Аванс на начало", "Продано", "Оплачено"],
        ["Договор"], ["Документ"], [], [],
    ]  # fmt: skip
    for number in range(rows):
        sums = ["", "", "", "1000,00", "500,00"]
        lines += [
            [f"Клиент {tag} {number}", *sums],
            ["Без договора", *sums],
            [f"Реализация РТ-{number} от 12.01.2026", "", "", "", "1000,00"],
            [f"Поступление на расчетный счет {number} от 20.01.2026", "", "", "", "", "500,00"],
        ]
    return workbook([*lines, ["Итого"]])


def commerce(tag: str, rows: int) -> bytes:
    """CommerceML: a sale of each of the buyers."""
    stamp = tag[-12:]
    papers = [
        cml.document(
            number=str(n),
            Ид=f"{stamp}-{n}",
            Номер=f"{stamp}-{n}",
            Контрагенты=cml.side(f"Клиент {tag} {n}", inn="", kpp="", id=f"{stamp}-c{n}"),
        )
        for n in range(rows)
    ]
    return cml.file(*papers)


def clients(tag: str, rows: int) -> bytes:
    """Clients with requisites."""
    lines = [["Наименование в программе", "ИНН", "КПП"]]
    lines += [[f"Клиент {tag} {n}", inn(tag, n), "775001001"] for n in range(rows)]
    return as_bytes(lines)


def inn(tag: str, number: int) -> str:
    """A right INN of a company, another one for each row of each run."""
    digits = f"77{int(tag[-4:]) * 900 + number:07d}"
    weights = (2, 4, 10, 3, 5, 9, 4, 6, 8)
    return digits + str(sum(int(d) * w for d, w in zip(digits, weights, strict=True)) % 11 % 10)


def proposals(tag: str, rows: int) -> bytes:
    """Deals of another program with fifty new clients, each of one product of ours."""
    product = Product.objects.order_by("pk").values_list("name", flat=True)[0]
    lines = [
        [
            "Opportunity_ID",
            "Product",
            "Account",
            "Deal_Stage",
            "Engage_Date",
            "Close_Date",
            "Close_Value",
        ]
    ]
    lines += [
        [f"{tag}-{n}", product, f"Клиент {tag} {n % 50}", "Won", "2026-01-10", "2026-02-01", 500]
        for n in range(rows)
    ]  # fmt: skip
    return as_bytes(lines)


def people(tag: str, rows: int) -> bytes:
    """Managers without a unit."""
    lines = [["ФИО", "Роль", "E-mail"]]
    names = [f"Х{letters(tag)}{letters(f'{n:04d}')} Анна" for n in range(rows)]
    lines += [[name, "юрист", f"{tag}.{n}@example.com"] for n, name in enumerate(names)]
    return as_bytes(lines)


def contacts(tag: str, rows: int) -> bytes:
    """Calls to known clients."""
    manager = User.objects.get(username="manager")
    codes = list(Client.objects.filter(manager=manager).values_list("code", flat=True))
    day = timezone.localdate() - timedelta(days=30)
    lines = [["Call Id", "Date", "Time", "Manager", "Client", "Kind", "Answered", "Note"]]
    for number in range(rows):
        clock, name = f"{9 + number % 8}:{number % 60:02d}", f"{tag}-{number}"
        client = codes[number % len(codes)]
        lines.append([name, day.isoformat(), clock, "manager", client, "call", "Y", name])
    return as_bytes(lines)


NEW = {"create_clients": True}
OUR = {"accept_accounts": True}
CASES = [
    Case("bank", "bank", "txt", statement, lambda _t, n: {"payments": n, "statements": 1},
         5_000, options=OUR),
    Case("directbank", "bank", "xml", direct_bank, lambda _t, n: {"payments": n, "statements": 1},
         5_000, options=OUR),
    Case("sales", "sales", "csv", sales,
         lambda _t, n: {"clients": 50, "shipments": n, "invoices": n - n // 10}, 8_000,
         options=NEW),
    Case("invoices", "invoices", "csv", invoices,
         lambda _t, n: {"clients": 50, "invoices": n, "payments": n // 2, "allocations": n // 2},
         8_000, options=NEW),
    Case("receivables", "receivables", "xlsx", receivables,
         lambda _t, n: {"clients": n, "invoices": n, "payments": n, "allocations": n}, 1_000,
         options=NEW),
    Case("commerceml", "commerceml", "xml", commerce,
         lambda _t, n: {"clients": n, "shipments": n, "invoices": n}, 1_500, options=NEW),
    Case("proposals", "proposals", "csv", proposals,
         lambda _t, n: {"clients": 50, "proposals": n}, 8_000, options=NEW),
    Case("clients", "clients", "csv", clients, lambda _t, n: {"clients": n, "requisites": n},
         900, by="admin"),
    Case("people", "people", "csv", people, lambda _t, n: {"people": n}, 400, by="admin"),
    Case("contacts", "contacts", "csv", contacts, lambda _t, n: {"contacts": n}, 8_000,
         by="head"),
]  # fmt: skip
