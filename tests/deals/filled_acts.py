"""Acts and statements as clients send them: the form of 1C with two halves, tables of one half."""

import io
import json

import pikepdf
import typst

from deals.comparing.pdf import MAGIC
from tests.imports import workbooks

US, THEM = "ООО «Поставщик»", "ООО «Ромашка»"
HEADER = ["Дата", "Документ", "Дебет", "Кредит"]
# REC-2, our half; the mirror is what the client has.
REC_2 = [
    ["", "Сальдо начальное", "730 450,75", ""],
    ["10.10.2026", "Оплата (п/п № P1 от 10.10.2026)", "", "300 000,00"],
    ["20.10.2026", "Продажа (УПД № I3 от 20.10.2026)", "512 999,25", ""],
    ["20.10.2026", "Оплата (п/п № P2 от 20.10.2026)", "", "180 450,75"],
    ["", "Обороты за период", "512 999,25", "480 450,75"],
    ["", "Сальдо конечное", "762 999,25", ""],
]
THEIR_WORDS = {
    "Оплата (п/п № P1 от 10.10.2026)": "Списание с расчётного счёта (вх. P1 от 10.10.2026)",
    "Продажа (УПД № I3 от 20.10.2026)": "Поступление товаров и услуг (УПД I3 от 20.10.2026)",
    "Оплата (п/п № P2 от 20.10.2026)": "Списание с расчётного счёта (вх. P2 от 20.10.2026)",
}


def mirror(rows):
    """The client's half: debit and credit change places, documents have the client's words."""
    return [[day, THEIR_WORDS.get(text, text), credit, debit] for day, text, debit, credit in rows]


EMPTY = [["", "", "", ""]] * len(REC_2)


def form_of_1c(left=REC_2, right=None, *, names=(US, THEM)):
    """The rows of an act: title, preamble, halves, conclusion, signatures (D.3)."""
    right = mirror(left) if right is None else right
    names = [f"По данным {name}, руб." for name in names]
    return [
        ["Акт сверки взаимных расчётов № 5 за период: 01.10.2026 – 31.10.2026"],
        [f"между {US} (ИНН 7707083893) и {THEM} (ИНН 7728168971) по договору № 12 от 01.02.2026"],
        ["Мы, нижеподписавшиеся, составили настоящий акт сверки в том, что состояние взаимных"],
        [],
        [names[0], "", "", "", names[1], "", "", ""],
        HEADER * 2,
        *[[*one, *other] for one, other in zip(left, right, strict=True)],
        [],
        [f"По данным {US} на 31.10.2026 задолженность в пользу {US} 762 999,25 руб."],
        [f"От {US}", "", "", "", f"От {THEM}"],
    ]


def xlsx(rows):
    """A workbook whose amounts are text, as 1C writes them."""
    return workbooks.proper(rows)


def csv(rows, *, separator=";", encoding="cp1251"):
    """A text with every cell in quotes."""
    lines = [separator.join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows]
    return "\r\n".join(lines).encode(encoding)


TYPST = """
#set page(paper: "a4", margin: 1.5cm)
#set text(lang: "ru", size: 9pt)
#let d = json(bytes(sys.inputs.data))
#for line in d.above [#line \\ ]
#table(columns: d.widths.map(w => if w == "1fr" { 1fr } else { auto }), inset: d.inset * 1pt,
  stroke: if d.ruled { 0.5pt } else { none },
  align: (x, y) => if y == 0 { center } else {
    let upright = (top: top, horizon: horizon, bottom: bottom).at(d.upright)
    if calc.rem(x, 4) > 1 { right + upright } else { left + upright }
  },
  table.header(..d.head), ..d.cells)
#for line in d.below [#line \\ ]
"""


def pdf(rows, *, above=(), below=(), upright="horizon", ruled=True, inset=4):
    """A PDF of a table whose texts are broken into lines, of as many pages as it takes."""
    head, *cells = rows
    data = {
        "head": head,
        "cells": [cell for row in cells for cell in row],
        "above": list(above),
        "below": list(below),
        "upright": upright,
        "ruled": ruled,
        "inset": inset,
        "widths": ["auto", "1fr", "auto", "auto"] * (len(head) // 4),
    }
    made = typst.compile(TYPST.encode(), sys_inputs={"data": json.dumps(data)})
    assert made.startswith(MAGIC)
    return made


def picture_in_pdf():
    """A PDF without a word."""
    return page_of(b"")


def page_of(drawing):
    """A PDF of one page that draws this."""
    with pikepdf.new() as document:
        page = document.add_blank_page(page_size=(100, 100))
        page.Contents = document.make_stream(drawing)
        made = io.BytesIO()
        document.save(made)
    return made.getvalue()
