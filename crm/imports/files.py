"""Files that the pages hand out: refused rows and an empty table to fill in."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from crm.accounts.actions import log_access
from crm.accounts.models import AccessEventKind, User
from crm.imports.models import ImportJob, ImportRow
from crm.imports.registry import ImportKind
from crm.tabular import Kind, csv_lines, write_xlsx

FORMATS = ("xlsx", "csv")
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def remarks(job: ImportJob, *, by: User, format: str, request: HttpRequest) -> HttpResponseBase:
    """The rows as they stood in the file, ready to be corrected and imported again."""
    rows = ImportRow.objects.visible_to(by).filter(job=job)
    header = [*job.layout["header"], _("Row"), _("Result"), _("Reason")]
    kinds = [*[Kind.TEXT] * len(job.layout["header"]), Kind.NUMBER, Kind.TEXT, Kind.TEXT]
    target = f"{job.kind}: {job.file_name}"
    log_access(by, kind=AccessEventKind.EXPORT, target=target, rows=rows.count(), request=request)
    name = f"refused-{job.pk}"
    if format == "xlsx":
        return _xlsx(f"{name}.xlsx", header, kinds, _cells(rows))
    response = StreamingHttpResponse(
        list(csv_lines(header, _cells(rows))), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return _closed(response)


def _cells(rows: Any) -> Iterator[list[Any]]:
    for row in rows.iterator(chunk_size=2_000):
        yield [*row.raw, row.number, row.get_result_display(), row.reason]


def template(kind: ImportKind) -> HttpResponseBase:
    """An empty workbook with the names of all columns."""
    header = [str(field.label) for field in kind.fields]
    name = f"{kind.kind}-{get_language() or settings.LANGUAGE_CODE}.xlsx"
    return _xlsx(name, header, [Kind.TEXT] * len(header), [])


def _xlsx(name: str, header: list[str], kinds: list[Kind], rows: Any) -> HttpResponseBase:
    file = tempfile.TemporaryFile()  # noqa: SIM115  (FileResponse closes it)
    write_xlsx(file, header, kinds, rows)
    file.seek(0)
    answer = FileResponse(file, as_attachment=True, filename=name, content_type=XLSX_TYPE)
    return _closed(answer)


def _closed(response: HttpResponseBase) -> HttpResponseBase:
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "no-store"
    return response
