"""Search over everything, for the palette and as a page of its own."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from crm.web import is_fragment, person_of
from reports.queries.search import search as search_everything

LONGEST = 100


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """What the typed text may mean: clients, people at clients, colleagues."""
    text = request.GET.get("q", "").replace("\x00", "").strip()[:LONGEST]
    groups = search_everything(person_of(request), text, limit=8 if is_fragment(request) else 50)
    template = "reports/_search.html" if is_fragment(request) else "reports/search.html"
    return render(request, template, {"groups": groups, "text": text})
