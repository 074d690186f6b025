"""Lists: the one mechanism for tables of rows. Declare a list, render it, nothing else.

    CLIENTS = ListSpec(
        name="clients",                     # id of the fragment, key of the way back
        model=Client,
        columns=[
            Column("name", _("Name"), link=True, sort="sort_key"),
            Column("category", _("Category"), sort="category", filter="category",
                   render=lambda client: category_badge(client.category)),
            Column("manager", _("Manager"), value="manager.short_name",
                   sort="manager__sort_key", filter="manager"),
            Column("potential_monthly", _("Potential"), kind=Kind.MONEY,
                   sort="potential_monthly", total=True),
        ],
        default_sort="name",                # names of columns; "-potential_monthly,name"
        default_columns=["name", "category", "manager"],
        filters=ClientFilter,               # django-filter FilterSet; it may narrow by request.user
        search=lambda rows, text: rows.search(text),
        row_url="clients:detail",           # else get_absolute_url
        peek_url="clients:peek",            # Space; edit_url: e
        restricted={"potential_monthly": permissions.may_see_money},   # or a set of roles
        can_export=permissions.may_export,
        views=[View(_("Important"), "category=A"), ALL],   # tabs above it; each_of() makes them
    )

    def client_list(request):
        return render_list(request, CLIENTS, Client.objects.visible_to(request.user).for_list())

The address is the whole state: `q`, `sort`, `columns`, `size`, `after`/`before`, the parameters of
the filter set and those named in `keep`. Whatever else it says is shown as not understood (400).
The rows must carry what the cells read (select_related, annotations): the list asks one query for
rows and one for count and sums. An index on (sort path, id) makes every page cost the same.
A page of its own: `page_template`, extending base.html, with {% include "lists/_list.html" %}.
A record page: `around = neighbours(request, CLIENTS, rows, client, list_url=…)` and
{% include "lists/_neighbours.html" %}. A list inside a record: `render_list(…, push=False)`.
"""

from crm.lists.cells import label_of
from crm.lists.keyset import cursor_at
from crm.lists.neighbours import Neighbours, came_from, neighbours, with_origin
from crm.lists.ready import ALL, each_of
from crm.lists.spec import Column, ListSpec, View
from crm.lists.views import render_list
from crm.tabular import Kind

__all__ = [
    "ALL",
    "Column",
    "Kind",
    "ListSpec",
    "Neighbours",
    "View",
    "came_from",
    "cursor_at",
    "each_of",
    "label_of",
    "neighbours",
    "render_list",
    "with_origin",
]
