"""Previous and next record of the list that a record was opened from."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, QueryDict

from crm.lists.cells import origin, url_maker
from crm.lists.page import ListPage
from crm.lists.spec import ListSpec, Rows
from crm.lists.state import address


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Addresses around a record; empty where there is none."""

    list_url: str
    previous: str = ""
    next: str = ""


def neighbours(
    request: HttpRequest, spec: ListSpec, queryset: Rows, row: Any, *, list_url: str
) -> Neighbours:
    """Where `[` and `]` lead from `row`, in the order and filters of the list it came from.

    `queryset` is the one given to `render_list`. Without `from` in the address there is only the
    way back to the whole list. Two queries, one more when the row does not carry its sort values.
    """
    params = came_from(request, spec)
    if params is None:
        return Neighbours(list_url)
    page = ListPage(spec, request, queryset, params)
    values = _position(page, row)
    url = url_maker(spec.row_url, origin(spec, page.state))
    before = page.keyset.rows_backwards(1, values)
    after = page.keyset.rows(1, values)
    return Neighbours(
        address(list_url, page.state.query()),
        url(before[0]) if before else "",
        url(after[0]) if after else "",
    )


def came_from(request: HttpRequest, spec: ListSpec) -> QueryDict | None:
    """The view of the list `spec` that the record was opened from, None when it was not."""
    name, _sign, query = request.GET.get("from", "").partition("?")
    return QueryDict(query[:4000]) if name == spec.name else None


def with_origin(request: HttpRequest, url: str) -> str:
    """The same address with the `from` of this request, so that a redirect keeps the way back."""
    origin_ = request.GET.get("from", "")
    return address(url, urlencode({"from": origin_[:4000]})) if origin_ else url


def _position(page: ListPage, row: Any) -> list[Any]:
    """Sort values of the row, read again where it was loaded without them."""
    keys = page.keyset.keys
    if all(key.attribute == "pk" or key.attribute in row.__dict__ for key in keys):
        return page.keyset.values(row)
    paths = [key.path for key in keys]
    found = page.everything.order_by().filter(pk=row.pk).values_list(*paths).first()
    return list(found) if found else page.keyset.values(row)
