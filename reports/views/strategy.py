"""The pack for the strategic plan: a page, its parts one by one, a workbook (RP-07)."""

import tempfile

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from crm.accounts.actions import log_access
from crm.accounts.models import User
from crm.lists.export import XLSX_TYPE
from crm.tabular import write_book
from crm.web import person_of
from reports.pages.strategy import PartPage, facts_for, parts_for, tables_for
from reports.permissions.strategy import can_see_strategy


@require_safe
def strategy(request: HttpRequest) -> HttpResponseBase:
    """The page; `part` asks for one of its parts, `export=xlsx` for the workbook."""
    user = person_of(request)
    if not can_see_strategy(user):
        raise PermissionDenied
    if request.GET.get("export") == "xlsx":
        return _book(request, user)
    if "part" in request.GET:
        return _part(request, user, request.GET["part"])
    return render(request, "reports/strategy.html", {"parts": parts_for(user)})


def _part(request: HttpRequest, user: User, code: str) -> HttpResponse:
    part = next((one for one in parts_for(user) if one.code == code), None)
    if part is None:
        raise Http404
    page = PartPage(part, user, timezone.localdate())
    answer = render(request, "reports/_strategy_part.html", {"page": page})
    patch_vary_headers(answer, ["HX-Request"])
    return answer


def _book(request: HttpRequest, user: User) -> FileResponse:
    today, file = timezone.localdate(), tempfile.TemporaryFile()  # noqa: SIM115
    write_book(file, tables_for(user, today), facts_for(user, today))
    log_access(user, kind="export", target="strategy", rows=len(parts_for(user)), request=request)
    file.seek(0)
    name = f"strategy-{today:%Y-%m-%d}.xlsx"
    answer = FileResponse(file, as_attachment=True, filename=name, content_type=XLSX_TYPE)
    answer["X-Content-Type-Options"], answer["Cache-Control"] = "nosniff", "no-store"
    return answer
