"""The protocol of differences of an act: values for the PDF in Russian, rows for XLSX."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from crm import papers
from crm.tabular import About, Kind, write_xlsx
from deals.models import DiscrepancyKind, ReconciliationAct
from deals.pages.differences import DifferencesPage, ProtocolRow
from deals.papers.contract import PAPERS, our_company

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def pdf_of(page: DifferencesPage) -> bytes:
    """The protocol that goes to the client with the act."""
    with translation.override("ru"):
        return papers.typeset(PAPERS / "differences.typ", values_of(page))


def values_of(page: DifferencesPage) -> dict[str, Any]:
    """Everything that the protocol shows; amounts are roubles with VAT, signed as our debit."""
    act, reading = page.act, page.reading
    entity = act.counterparty
    return {
        "number": act.number,
        "first": act.date_from,
        "last": act.date_to,
        "date": page.today,
        "us": our_company(),
        "them": entity.full_name if entity else act.client.name,
        "their_inn": entity.inn if entity else "",
        "closing": reading and {
            "ours": reading.our_closing,
            "theirs": reading.their_closing,
            "difference": reading.difference,
            "opening": reading.opening_difference,
            "beyond": reading.beyond_lines,
        },
        "rows": [_row(one) for one in page.rows],
    }  # fmt: skip


def _row(one: ProtocolRow) -> dict[str, Any]:
    row = one.row
    return {
        "number": one.number,
        "day": row.day or "",
        "text": row.text,
        "kind": DiscrepancyKind(row.kind).label,
        "ours": "" if row.our_amount is None else row.our_amount,
        "theirs": "" if row.their_amount is None else row.their_amount,
        "difference": one.difference if one.has_amounts else "",
        "found": row.resolution,  # what the comparison suggests is for our own people
        "state": row.get_state_display(),
        "who": row.responsible.short_name if row.responsible else "",
        "due": row.due_on or "",
    }


def xlsx_of(page: DifferencesPage) -> bytes:
    """The same rows as a workbook."""
    columns = (
        (_("No."), "number", Kind.NUMBER),
        (_("Date"), "day", Kind.DATE),
        (_("Document"), "text", Kind.TEXT),
        (_("Kind"), "kind", Kind.CHOICE),
        (_("Our books, ₽"), "ours", Kind.MONEY),
        (_("Their books, ₽"), "theirs", Kind.MONEY),
        (_("Difference, ₽"), "difference", Kind.MONEY),
        (_("Findings in detail"), "found", Kind.TEXT),
        (_("State"), "state", Kind.CHOICE),
        (_("Responsible"), "who", Kind.CHOICE),
        (pgettext("last day", "Due"), "due", Kind.DATE),
    )
    rows = [_row(one) for one in page.rows]
    header = [str(title) for title, _name, _kind in columns]
    cells = ([row[name] if row[name] != "" else None for _t, name, _k in columns] for row in rows)
    facts = [(_("Act"), page.act.number), (_("Client"), page.act.client.name)]
    title = _("Protocol of differences")
    file = BytesIO()
    kinds = [kind for _title, _name, kind in columns]
    write_xlsx(file, header, kinds, cells, About(title=title, facts=facts))
    return file.getvalue()


def file_name(act: ReconciliationAct, today: date, suffix: str) -> str:
    """A name that every file system takes: of the paper Russian, of the table in the reader's."""
    with translation.override("ru" if suffix == "pdf" else translation.get_language()):
        title = _("Protocol of differences %(number)s of %(day)s")
    return f"{title % {'number': act.number, 'day': f'{today:%d.%m.%Y}'}}.{suffix}"
