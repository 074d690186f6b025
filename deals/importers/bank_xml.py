"""The statement of 1C DirectBank, XML: the same parts as in the text file."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException, ElementTree
from django.core.exceptions import ValidationError

from crm.imports.reading import Limits, Unreadable
from crm.said import gettext as _
from deals.importers import bank_words as words
from deals.importers.bank_format import BankFile, Broken, Document, Section, Side, amount, day, side
from deals.importers.bank_format import sentence as told
from deals.importers.bank_text import not_a_statement

DEBIT = "1"


def looks_like_xml(content: bytes) -> bool:
    """Whether the first sign opens an element."""
    head = content[:200].replace(b"\x00", b"")
    return head.removeprefix(b"\xef\xbb\xbf").lstrip(b"\xff\xfe \t\r\n").startswith(b"<")


def read_xml(content: bytes, limits: Limits) -> BankFile:
    """Read the file; raises Unreadable for another XML and Broken for a damaged one."""
    try:
        root = ElementTree.fromstring(content, forbid_dtd=True)
    except ParseError as error:
        line = error.position[0]
        raise Broken(
            _("The file is broken in line %(line)s: it is no whole XML. Nothing was imported.")
            % {"line": line},
            line,
        ) from None
    except (DefusedXmlException, ValueError, LookupError):
        raise Unreadable(
            _("The XML holds a document type declaration or cannot be decoded; it is not opened.")
        ) from None
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
    data = root.find("Data")
    if root.tag != "Statement" or data is None:
        raise not_a_statement()
    return _file(root, data, limits)


def _file(root: Element, data: Element, limits: Limits) -> BankFile:
    sender = root.find("Sender")
    file = BankFile(encoding="xml", sender=sender.get("name", "") if sender is not None else "")
    operations = data.findall("OperationInfo")
    if len(operations) > limits.rows:
        raise Unreadable(
            _("The file has more than %(rows)s documents. Divide it.") % {"rows": limits.rows}
        )
    section = _section(data)
    file.first, file.last = section.first, section.last
    file.add_account(section.account)
    file.sections.append(section)
    file.documents += [_document(at, one) for at, one in enumerate(operations, start=1)]
    return file


def _section(data: Element) -> Section:
    account = _text(data, "Account").replace(" ", "")
    try:
        last = day(_text(data, "DateTo"))
        first = day(_text(data, "DateFrom")) or last
        names = ("OpeningBalance", "TotalCredits", "TotalDebits", "ClosingBalance")
        sums = [amount(_text(data, name)) for name in names]
    except ValidationError as error:
        raise Unreadable(told(error)) from None
    if not account or first is None or last is None or last < first:
        raise Unreadable(_("The statement names no account or no period."))
    return Section(1, account, first, last, *sums)


def _document(number: int, operation: Element) -> Document:
    """An operation; DC says which way the money went, as the dates do in the text file."""
    holder = operation.find("PayDoc")
    body = next(iter(holder), None) if holder is not None else None
    if body is None:
        nobody = Side()
        problem = _("The operation holds no document.")
        return Document(number, "", "", None, None, nobody, nobody, None, None, "", problem)
    problem, dated, moved, money = _values(body, operation)
    spent = _text(operation, "DC") == DEBIT
    return Document(
        line=number,
        kind=words.XML_KINDS.get(body.tag, _text(body, "InnerDocKind"))[:100],
        number=_text(body, "DocNo")[:50],
        dated_on=dated,
        amount=money,
        payer=_side(body.find("Payer")),
        payee=_side(body.find("Payee")),
        written_off_on=moved if spent else None,
        received_on=None if spent else moved,
        purpose=" ".join(_text(body, "Purpose").split()),
        problem=problem,
    )


def _values(
    body: Element, operation: Element
) -> tuple[str, date | None, date | None, Decimal | None]:
    try:
        return (
            "",
            day(_text(body, "DocDate")),
            day(_text(operation, "Date")),
            amount(_text(body, "Sum")),
        )
    except ValidationError as error:
        return told(error), None, None, None


def _side(party: Element | None) -> Side:
    if party is None:
        return Side()
    return side(
        name=_text(party, "Name"),
        inn=_text(party, "INN"),
        kpp=_text(party, "KPP"),
        accounts=(_text(party, "Account"),),
        bic=_text(party, "Bank/BIC"),
        bank=_text(party, "Bank/Name"),
    )


def _text(parent: Element, path: str) -> str:
    return (parent.findtext(path) or "").strip().replace("\x00", "")
