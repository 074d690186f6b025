"""Stands for the page of a reconciliation until it comes."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path
from django.views.decorators.http import require_safe

from crm.web import person_of
from deals.models import ReconciliationItem


@require_safe
def reconciliation_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Placeholder."""
    rows = ReconciliationItem.objects.visible_to(person_of(request))
    item = get_object_or_404(rows, pk=pk)
    return render(request, "deals/reconciliation_placeholder.html", {"item": item})


urlpatterns: list[URLPattern] = [
    path("reconciliations/<int:pk>/", reconciliation_detail, name="reconciliation_detail"),
]
