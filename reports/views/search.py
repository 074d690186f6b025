"""Search over everything, for the palette and as a page of its own."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from reports.queries.search import search as search_everything

LONGEST = 100


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """What the typed text may mean: clients, people at clients, colleagues."""
    text = request.GET.get("q", "").replace("\x00", "").strip()[:LONGEST]
    groups = search_everything(request.user, text, limit=8 if request.htmx else 50)
    template = "reports/_search.html" if request.htmx else "reports/search.html"
    return render(request, template, {"groups": groups, "text": text})
