"""The list of reports and the page of one, with its files."""

from dataclasses import replace
from itertools import chain, groupby

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from crm.accounts.actions import log_access
from crm.lists.cells import titled
from crm.lists.export import file_response, refuse_too_many
from crm.tabular import About
from crm.web import is_fragment, person_of
from reports import registry
from reports.pages.report import ReportPage


@require_safe
def report_list(request: HttpRequest) -> HttpResponse:
    """Reports that the person may open, by group."""
    found = sorted(registry.open_to(person_of(request)), key=lambda one: str(one.group))
    if not found:
        raise PermissionDenied
    groups = [(name, list(rows)) for name, rows in groupby(found, key=lambda one: str(one.group))]
    return render(request, "reports/report_list.html", {"groups": groups})


@require_safe
def report(request: HttpRequest, name: str) -> HttpResponseBase:
    """One report with the parameters of the address; 400 for wrong ones, 422 to htmx."""
    try:
        declared = registry.get(name)
    except KeyError as missing:
        raise Http404 from missing
    if not declared.may_open(person_of(request)):
        raise PermissionDenied
    page = ReportPage(declared, request)
    if page.export in ("xlsx", "csv") and page.result is not None:
        return report_file(request, page)
    return _render(request, page)


@require_safe
def audience(request: HttpRequest) -> HttpResponseBase:
    """The audience of leads: a report with a line of its own in the rail."""
    return report(request, "audience")


def _render(request: HttpRequest, page: ReportPage) -> HttpResponse:
    fragment = is_fragment(request)
    status = (422 if fragment else 400) if page.refused else 200
    template = "reports/_report.html" if fragment else "reports/report.html"
    response = render(request, template, {"page": page}, status=status)
    if fragment:
        response["HX-Push-Url"] = page.url()
    patch_vary_headers(response, ["HX-Request"])
    return response


def report_file(request: HttpRequest, page: ReportPage) -> HttpResponseBase:
    """Every row as XLSX or CSV; who took how many is noted."""
    result = page.result
    assert result is not None
    refuse_too_many(page.export, len(result.rows))
    target = f"report:{page.report.name}?{page.url().partition('?')[2]}"
    log_access(page.user, kind="export", target=target, rows=len(result.rows), request=request)
    header = [titled(str(one.label), one.kind) for one in result.columns]
    name = f"{page.report.name}-{timezone.localdate():%Y-%m-%d}"
    rows, about = result.values(), About(page.title, page.facts)
    if result.has_totals and page.export == "xlsx":
        about = replace(about, foot=result.foot)
    elif result.has_totals:
        rows = chain(rows, [result.foot()])
    return file_response(page.export, name, header, result.kinds, rows, about)
