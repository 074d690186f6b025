"""One entrance for both formats, and the table that the import page shows of a statement."""

from __future__ import annotations

from crm.imports.reading import Limits, Line, Table, Unreadable
from crm.imports.reading.headers import Known
from crm.said import gettext as _
from deals.importers.bank_format import BankFile, Document
from deals.importers.bank_text import looks_like_text, not_a_statement, read_text
from deals.importers.bank_xml import looks_like_xml, read_xml

COLUMNS = ["number", "date", "amount", "payer", "payee", "purpose"]


def read_statement(content: bytes, limits: Limits) -> BankFile:
    """Read a statement of either format; raises Unreadable, never anything else."""
    if not content.strip():
        raise Unreadable(_("The file is empty."))
    if len(content) > limits.file_bytes:
        size = limits.file_bytes // (1024 * 1024)
        raise Unreadable(_("The file is larger than %(size)s MB. Divide it.") % {"size": size})
    if looks_like_text(content):
        return read_text(content, limits)
    if looks_like_xml(content):
        return read_xml(content, limits)
    raise not_a_statement()


def read_table(content: bytes, known: Known, limits: Limits) -> Table:
    """The statement as the imports want it: a row for each document, the rest beside them."""
    file = read_statement(content, limits)
    return Table(
        header=COLUMNS,
        header_row=0,
        lines=[Line(document.line, _cells(document)) for document in file.documents],
        encoding=file.encoding,
        extra=file,
        about={"accounts": file.accounts},
    )


def _cells(document: Document) -> list[str]:
    return [
        document.number,
        f"{document.dated_on:%d.%m.%Y}" if document.dated_on else "",
        str(document.amount) if document.amount is not None else "",
        document.payer.name,
        document.payee.name,
        document.purpose,
    ]
