"""A program of its own: reads one sheet of a workbook; `limited` starts it under limits.

Gets the workbook on stdin and writes one JSON value per line: facts of the sheet, then its rows as
lists of text. Imports nothing of the product, so that it starts quickly and can break nothing.
"""

import io
import json
import sys
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

BROKEN, MANY_ROWS, MANY_COLUMNS = 2, 3, 4
EXACT = 10**15  # a spreadsheet keeps 15 digits
SLACK = 20  # rows above the header


def main() -> int:
    index, rows, columns = (int(text) for text in sys.argv[1:4])
    from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read()))
        visible = [
            sheet.name
            for sheet in book.sheets_metadata
            if sheet.visible == SheetVisibleEnum.Visible and sheet.typ == SheetTypeEnum.WorkSheet
        ]
        if index >= len(visible):
            return _write("", len(visible), 0, [])
        sheet = book.get_sheet_by_name(visible[index])
    except (CalamineError, ValueError, OSError):
        return BROKEN
    if sheet.height > rows + SLACK:
        return MANY_ROWS
    if sheet.width > columns:
        return MANY_COLUMNS
    start = sheet.start[0] + 1 if sheet.start else 1
    return _write(visible[index], len(visible), start, sheet.to_python())


def _write(name: str, visible: int, start: int, rows: list[list[Any]]) -> int:
    facts = {"name": name, "visible": visible, "start": start, "rows": len(rows)}
    sys.stdout.write(json.dumps(facts) + "\n")
    for row in rows:
        sys.stdout.write(json.dumps([as_text(value) for value in row]) + "\n")
    return 0


def as_text(value: Any) -> str:
    """The value as a person would type it; dates are ISO, numbers have a point and no exponent."""
    if isinstance(value, str):
        return value.replace("\xa0", " ").replace("\x00", "\ufffd").strip()
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < EXACT else _plain(value)
    if isinstance(value, datetime):
        midnight = value.time() == time.min
        return f"{value:%Y-%m-%d}" if midnight else f"{value:%Y-%m-%d %H:%M:%S}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return f"{value:%H:%M:%S}"
    if isinstance(value, timedelta):
        minutes, seconds = divmod(int(value.total_seconds()), 60)
        return f"{minutes // 60}:{minutes % 60:02d}:{seconds:02d}"
    return str(value)


def _plain(value: float) -> str:
    return format(Decimal(repr(value)), "f")


if __name__ == "__main__":
    sys.exit(main())
