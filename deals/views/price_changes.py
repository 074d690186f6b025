"""A price list as a change of the one before it: its prices compared, whom it concerns."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_safe

from crm.lists import render_list
from crm.web import person_of
from deals.lists.price_changes import CHANGED_PRICES, CLIENTS_TO_TELL
from deals.pages.price_changes import ChangePage
from deals.views.prices import visible_price_list


@require_safe
def price_list_changes(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Old and new prices; who will be told of a draft, who was told of an approved list."""
    page = _page(request, pk)
    context = {"price_list": page.price_list, "page": page}
    return render_list(request, CHANGED_PRICES, page.lines, context=context)


@require_safe
def price_list_clients(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Visible clients that the list concerns today."""
    page = _page(request, pk)
    if page.change is None:
        raise Http404
    context = {"price_list": page.price_list, "page": page}
    rows = page.clients.select_related("manager")
    return render_list(request, CLIENTS_TO_TELL, rows, context=context)


def _page(request: HttpRequest, pk: int) -> ChangePage:
    return ChangePage(visible_price_list(request, pk), person_of(request), timezone.localdate())
