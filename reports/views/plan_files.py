"""A plan as a workbook that can be filled and imported again."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from crm.web import person_of
from reports.files.plans import plan_response
from reports.views.plans import visible_plan


@require_safe
def plan_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The lines that the person sees, in the columns that the import reads."""
    return plan_response(visible_plan(request, pk), request, person_of(request))
