"""Rendering: one address gives the page, its fragment for htmx, the filter panel or a file."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import DataError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django_htmx.http import reswap, retarget, trigger_client_event

from crm.lists.export import export_list
from crm.lists.filtering import panel_form
from crm.lists.page import ListPage
from crm.lists.spec import ListSpec, Rows

Context = dict[str, Any]


def render_list(
    request: HttpRequest,
    spec: ListSpec,
    queryset: Rows,
    *,
    context: Context | None = None,
    push: bool = True,
    summed: Rows | None = None,
) -> HttpResponseBase:
    """Answer a request for a list over `queryset`, which must already be `visible_to` the user.

    `context` goes to the page template; `push=False` keeps the address bar as it is, for a list
    inside the page of another record. `summed`: the same rows, asked for in a way that suits their
    count and sums better.
    """
    page = ListPage(spec, request, queryset, summed=summed)
    response = _answer(request, page, context or {}, push=push)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _answer(
    request: HttpRequest, page: ListPage, context: Context, *, push: bool
) -> HttpResponseBase:
    spec = page.spec
    part = request.GET.get("part", "") if spec.filters else ""
    try:
        if page.state.export and not page.state.problems:
            return _export(request, page)
        if part == "filters" or (part == "apply" and page.state.problems and _is_htmx(request)):
            return _filter_panel(request, page, refused=part == "apply")
        return _page(request, page, context, push=push)
    except DataError:
        # A value that passed every check and that the database still cannot hold.
        page = ListPage(spec, request, page.everything, QueryDict())
        page.state.drop(_("The address of the list contains an invalid value."), "")
        return _page(request, page, context, push=push)


def wants_fragment(request: HttpRequest, page: ListPage) -> bool:
    """Whether htmx asks for the list alone; boosted links and Back get the whole page."""
    htmx = request.htmx  # type: ignore[attr-defined]
    if not htmx or htmx.history_restore_request:
        return False
    return htmx.target == page.id or not htmx.boosted


def _is_htmx(request: HttpRequest) -> bool:
    return bool(request.htmx)  # type: ignore[attr-defined]


def _export(request: HttpRequest, page: ListPage) -> HttpResponseBase:
    if not page.spec.can_export(request.user):
        raise PermissionDenied
    return export_list(page)


def _page(request: HttpRequest, page: ListPage, context: Context, *, push: bool) -> HttpResponse:
    """The list; 400 for an address that says what the list does not know, 422 to htmx."""
    page.load()
    fragment = wants_fragment(request, page)
    status = (422 if fragment else 400) if page.state.problems else 200
    template = "lists/_list.html" if fragment else page.spec.page_template
    response = render(request, template, {**context, "list": page}, status=status)
    if fragment and push:
        response["HX-Push-Url"] = page.state.here
    if fragment and request.GET.get("part") == "apply":
        trigger_client_event(response, "panel-close", {})
    return response


def _filter_panel(request: HttpRequest, page: ListPage, *, refused: bool) -> HttpResponse:
    """The filter form: a fragment for the side panel, a page of its own without scripts."""
    form = panel_form(page.spec, request, page.everything, page.typed_filters)
    context = {"list": page, "form": form}
    if not wants_fragment(request, page):
        return render(request, "lists/filters.html", context)
    response = render(request, "lists/_filters.html", context, status=422 if refused else 200)
    return reswap(retarget(response, "#panel-body"), "innerHTML") if refused else response
