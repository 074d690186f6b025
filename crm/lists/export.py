"""The current view as a file: its filters, order and columns, every row, streamed."""

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from crm.errors import RuleViolation
from crm.lists.cells import choice_labels, titled
from crm.lists.page import ListPage
from crm.lists.spec import Column, Getter, ListSpec
from crm.tabular import MAX_XLSX_ROWS, About, Kind, csv_lines, write_xlsx

CHUNK = 2_000
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def export_list(page: ListPage) -> HttpResponseBase:
    """Hand out the rows as XLSX or CSV and note who took how many of which list."""
    columns = [column for column in page.columns if column.export is not False]
    count = page.queryset.order_by().count()
    refuse_too_many(page.state.export, count)
    _log(page, count)
    kinds = [page.spec.kinds[column.name] for column in columns]
    header = [titled(str(one.label), kind) for one, kind in zip(columns, kinds, strict=True)]
    rows = export_rows(page, columns)
    about = About(page.title, _facts(page), None)
    if page.state.export == "xlsx" and any(column.total for column in columns):
        sums = {at: Decimal(0) for at, column in enumerate(columns) if column.total}
        rows = _adding_up(rows, sums)
        about = replace(about, foot=lambda: _foot(len(columns), sums))
    name = f"{page.spec.export_name or page.spec.name}-{timezone.localdate():%Y-%m-%d}"
    return file_response(page.state.export, name, header, kinds, rows, about)


def _facts(page: ListPage) -> list[tuple[str, str]]:
    """What the view is narrowed to."""
    return [(str(chip.label), str(chip.text)) for chip in page.chips]


def _adding_up(rows: Iterator[list[Any]], sums: dict[int, Any]) -> Iterator[list[Any]]:
    for row in rows:
        for at in sums:
            sums[at] += row[at] or 0
        yield row


def _foot(width: int, sums: dict[int, Any]) -> list[Any]:
    """Sums under their columns, the word before them."""
    foot = [sums.get(at) for at in range(width)]
    if foot[0] is None:
        foot[0] = _("Total")
    return foot


def refuse_too_many(suffix: str, count: int) -> None:
    """Raises RuleViolation where a sheet cannot hold so many rows."""
    if suffix == "xlsx" and count > MAX_XLSX_ROWS:
        raise RuleViolation(_("The list is too long for XLSX. Narrow it or choose CSV."))


def file_response(
    suffix: str,
    name: str,
    header: list[str],
    kinds: list[Kind],
    rows: Iterator[list[Any]],
    about: About,
) -> HttpResponseBase:
    """The table as a CSV or XLSX file to be stored, never shown."""
    if suffix == "csv":
        response: HttpResponseBase = StreamingHttpResponse(
            _in_language(csv_lines(header, rows)), content_type="text/csv; charset=utf-8"
        )
        response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    else:
        made = (_("Made"), f"{timezone.localtime():%d.%m.%Y %H:%M}")
        facts = [(_("What"), about.title), *about.facts, made]
        response = _xlsx(f"{name}.xlsx", header, kinds, rows, replace(about, facts=facts))
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "no-store"
    return response


def _xlsx(
    name: str, header: list[str], kinds: list[Kind], rows: Iterator[list[Any]], about: About
) -> FileResponse:
    file = tempfile.TemporaryFile()  # noqa: SIM115  (FileResponse closes it)
    write_xlsx(file, header, kinds, rows, about)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=name, content_type=XLSX_TYPE)


def export_rows(page: ListPage, columns: list[Column]) -> Iterator[list[Any]]:
    """Values of the rows, read from the server in portions."""
    readers = [value_reader(page.spec, column) for column in columns]
    rows = page.spec.with_details(page.keyset.ordered()).iterator(chunk_size=CHUNK)
    return ([read(row) for read in readers] for row in rows)


def _in_language(lines: Iterator[bytes]) -> Iterator[bytes]:
    """Keep the language of the request while the server sends the file after it."""
    language = translation.get_language() or settings.LANGUAGE_CODE

    def speak() -> Iterator[bytes]:
        while True:
            with translation.override(language):
                line = next(lines, None)
            if line is None:
                return
            yield line

    return speak()


def value_reader(spec: ListSpec, column: Column) -> Getter:
    """The value of a column for a file: labels instead of codes, days instead of moments."""
    if callable(column.export):
        return column.export
    read, kind = column.getter(), spec.kinds[column.name]
    if kind == Kind.DATE:
        return lambda row: _day(read(row))
    if kind != Kind.CHOICE:
        return read
    labels = choice_labels(spec, column)

    def label(row: Any) -> Any:
        value = read(row)
        return labels.get(value, value)

    return label


def _day(value: Any) -> Any:
    """The local day of a moment; a day as it is."""
    if not isinstance(value, datetime):
        return value
    return timezone.localtime(value).date() if value.tzinfo else value.date()


def _log(page: ListPage, count: int) -> None:
    from crm.accounts.actions import log_access  # the models are not there at start-up yet
    from crm.accounts.models import User

    user = page.request.user if isinstance(page.request.user, User) else None
    target = f"{page.spec.name}?{page.state.query(export=page.state.export)}"[:300]
    log_access(user, kind="export", target=target, rows=count, request=page.request)
