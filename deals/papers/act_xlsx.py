"""An act of reconciliation as a workbook: amounts are numbers, texts are never formulas."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from io import BytesIO
from typing import Any

import xlsxwriter

from crm.tabular import Kind, Sheet
from deals.papers.act import ActPaper, PaperLine, values_of

HALF = (Kind.DATE, Kind.TEXT, Kind.MONEY, Kind.MONEY)
WIDTHS = (11, 42, 15, 15)
TITLES = ("Дата", "Документ", "Дебет", "Кредит")
LAST = 2 * len(HALF) - 1
Cells = Sequence[Any]


def xlsx_of(paper: ActPaper, *, mirrored: bool = False) -> bytes:
    """Both halves on one sheet, the client's empty or the mirror image of ours."""
    made = BytesIO()
    book = xlsxwriter.Workbook(
        made, {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    )
    sheet = book.add_worksheet("Акт сверки")
    writer = _Writer(book, sheet, mirrored=mirrored)
    writer.write(paper)
    book.close()
    return made.getvalue()


class _Writer:
    """Row after row from the top."""

    def __init__(self, book: xlsxwriter.Workbook, sheet: Any, *, mirrored: bool) -> None:
        self.book, self.sheet, self.mirrored, self.row = book, sheet, mirrored, 0
        kinds = (*HALF, *HALF)
        self.plain = Sheet(book, sheet, kinds, border=1, valign="top")
        self.bold = Sheet(book, sheet, kinds, border=1, bold=True)
        self.loose = Sheet(book, sheet, kinds)

    def write(self, paper: ActPaper) -> None:
        values = values_of(paper, mirrored=self.mirrored)
        self._head(values)
        head = self.row
        self._titles(values)
        self._sum("Сальдо начальное", _balance(paper.opening))
        for line in paper.lines:
            self._put(self.plain, [line.day, line.text], _sides(line), second=[line.day, line.text])
        self._sum("Обороты за период", [paper.debit, paper.credit])
        self._sum("Сальдо конечное", _balance(paper.closing))
        self._foot(values)
        self._comforts(head)

    def _head(self, values: dict[str, Any]) -> None:
        revision = f" (редакция {values['revision']})" if values["revision"] > 1 else ""
        number = f" № {values['number']}{revision}" if values["number"] else ""
        texts = [
            values["preview"],
            f"Акт сверки взаимных расчётов{number}",
            f"за период: {values['first']:%d.%m.%Y} – {values['last']:%d.%m.%Y}",
            f"между {_side(values['us'])} и {_side(values['them'])}",
            f"по договору {values['contract']}" if values["contract"] else "по всем договорам",
        ]
        style = self.book.add_format({"bold": True, "align": "center", "text_wrap": True})
        for text in filter(None, texts):
            self._wide(text, style)
        self._wide(values["preamble"], self._wrapping())

    def _wide(self, text: str, style: Any, *, height: int = 0) -> None:
        self.sheet.merge_range(self.row, 0, self.row, LAST, "", style)
        self.loose.text(self.row, 0, text, style)
        self.sheet.set_row(self.row, height or (15 if len(text) < 110 else 45))
        self.row += 1

    def _wrapping(self) -> Any:
        return self.book.add_format({"text_wrap": True, "valign": "top"})

    def _titles(self, values: dict[str, Any]) -> None:
        style = self.book.add_format({"bold": True, "border": 1, "text_wrap": True})
        for first, name in ((0, values["us"]["name"]), (len(HALF), values["them"]["name"])):
            self.sheet.merge_range(self.row, first, self.row, first + len(HALF) - 1, "", style)
            self.loose.text(self.row, first, f"По данным {name}, руб.", style)
        self.row += 1
        for column, title in enumerate((*TITLES, *TITLES)):
            self.loose.text(self.row, column, title, style)
        self.row += 1

    def _sum(self, label: str, amounts: Cells) -> None:
        self._put(self.bold, ["", label], amounts, second=["", label])

    def _put(self, style: Sheet, first: Cells, amounts: Cells, *, second: Cells) -> None:
        """Our half and, mirrored, the client's: its debit is our credit."""
        theirs = [*second, amounts[1], amounts[0]] if self.mirrored else [None] * len(HALF)
        for column, value in enumerate([*first, *amounts, *theirs]):
            self.sheet.write_blank(self.row, column, None, style.style)
            style.cell(self.row, column, value)
        self.row += 1

    def _foot(self, values: dict[str, Any]) -> None:
        self.row += 1
        for text in (values["conclusion"], values["their_conclusion"]):
            self._wide(text, self._wrapping(), height=30)
        self.row += 1
        for first, side, signer in (
            (0, values["us"], values["our_signer"]),
            (len(HALF), values["them"], values["their_signer"]),
        ):
            lines = (f"От {side['name']}", signer["position"], signer["name"], signer["grounds"])
            for offset, text in enumerate((*lines, "Подпись ____________________", "М.П.")):
                self.loose.text(self.row + offset, first, text)

    def _comforts(self, head: int) -> None:
        for column, width in enumerate((*WIDTHS, *WIDTHS)):
            self.sheet.set_column(column, column, width)
        self.sheet.repeat_rows(head, head + 1)
        self.sheet.set_landscape()
        self.sheet.set_paper(9)  # A4
        self.sheet.fit_to_pages(1, 0)
        self.sheet.set_footer("&RСтраница &P из &N")


def _side(side: dict[str, str]) -> str:
    return f"{side['name']} (ИНН {side['inn']})" if side["inn"] else side["name"]


def _balance(balance: Decimal) -> list[Decimal | None]:
    return [None, -balance] if balance < 0 else [balance, None]


def _sides(line: PaperLine) -> list[Decimal | None]:
    return [line.debit or None, line.credit or None]
