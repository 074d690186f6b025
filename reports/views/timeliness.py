"""Whether terms are kept: the page of heads."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from crm.web import is_fragment, person_of
from reports import permissions, registry
from reports.pages.kept import figures_of
from reports.pages.timeliness import PEOPLE, TermsLine, TimelinessPage, period_of
from reports.timeliness.figures import figures
from reports.timeliness.kind import kinds
from reports.views.department import asked_part
from reports.views.reports import report_file


@require_safe
def department_terms(request: HttpRequest) -> HttpResponse:
    """Terms kept and missed in the period of the dashboard; loaded after the page."""
    asked = asked_part(request)
    kept = figures_of(
        asked.key("terms"),
        lambda: (
            figures(
                asked.person,
                period_of(asked.months),
                kinds(),
                today=asked.today,
                units=asked.inside,
            ).whole
        ),
    )
    line = TermsLine(kept.figures, asked.unit, period_of(asked.months))
    context = {"line": line, "counted_at": kept.at}
    return render(request, "reports/_department_terms.html", context)


@require_safe
def timeliness(request: HttpRequest) -> HttpResponseBase:
    """Kept, late, overdue and ahead by kind, sector and person; 400 for a wrong address."""
    if not permissions.can_see_department(person_of(request)):
        raise PermissionDenied
    page = TimelinessPage(registry.get("timeliness"), request)
    if page.export in ("xlsx", "csv") and page.result is not None:
        return report_file(request, page)
    fragment = is_fragment(request)
    status = (422 if fragment else 400) if page.refused else 200
    only = fragment and page.part == PEOPLE and not page.refused
    name = "_timeliness_people" if only else "_timeliness" if fragment else "timeliness"
    response = render(request, f"reports/{name}.html", {"page": page}, status=status)
    if fragment and not only:
        response["HX-Push-Url"] = page.url()
    patch_vary_headers(response, ["HX-Request"])
    return response
