"""Two lists of real models and their addresses, in place of the product's."""

from dataclasses import replace

import django_filters as filters
from django.urls import include, path
from django.utils.translation import gettext

from clients.models import Client, ClientCategory
from crm.accounts.models import Role, User
from crm.lists import ALL, Column, Kind, ListSpec, View, each_of, neighbours, render_list


class ClientFilter(filters.FilterSet):
    category = filters.MultipleChoiceFilter(label="Category", choices=ClientCategory.choices)
    manager = filters.ModelChoiceFilter(label="Manager", queryset=User.objects.all())
    name = filters.CharFilter(label="Name", lookup_expr="icontains")
    since = filters.DateFromToRangeFilter(label="Category since", field_name="category_since")
    potential = filters.RangeFilter(label="Potential", field_name="potential_monthly")
    more_than = filters.NumberFilter(
        label="More than", field_name="potential_monthly", lookup_expr="gt"
    )
    silent = filters.BooleanFilter(
        label="Silent", field_name="last_contact_at", lookup_expr="isnull"
    )

    class Meta:
        model = Client
        fields = ()


CLIENTS = ListSpec(
    name="clients",
    model=Client,
    title="Clients",
    page_size=50,
    columns=[
        Column("name", "Name", link=True, sort="sort_key"),
        Column("code", "Code", sort="code"),
        Column("category", "Category", sort="category", filter="category"),
        Column(
            "manager",
            "Manager",
            value="manager.short_name",
            sort="manager__sort_key",
            filter="manager",
        ),
        Column(
            "potential_monthly",
            "Potential",
            kind=Kind.MONEY,
            sort="potential_monthly",
            total=True,
        ),
        Column("last_contact_at", "Last contact", sort="last_contact_at"),
        Column("specifics", "Specifics"),
        Column("category_since", "Since", sort="category_since"),
        Column("created_at", "Added", kind=Kind.DATE, sort="created_at"),
        Column("tags", "Tags"),
        Column("status", "Status", sort="status"),
        Column("weekday", "Weekday", value=lambda client: gettext("Monday")),
    ],
    default_sort="name",
    default_columns=["name", "category", "manager", "potential_monthly", "specifics"],
    filters=ClientFilter,
    search=lambda rows, text: rows.filter(search_key__contains=text.casefold()),
    restricted={"potential_monthly": lambda user: user.role != Role.MARKETER},
    can_export=lambda user: user.role != Role.LOGISTICS,
    row_url=lambda row: f"/declared/clients/{row.pk}/",
    peek_url=lambda row: f"/declared/clients/{row.pk}/peek/",
    keep=("month",),
    views=[ALL, *each_of("category", [("A", "First")]), View("Silent", "silent=true&sort=-code")],
    views_keep=("month", "manager"),
)


def rows():
    return Client.objects.select_related("manager")


def client_list(request):
    return render_list(request, CLIENTS, rows())


def client_detail(request, pk):
    from django.http import JsonResponse

    around = neighbours(request, CLIENTS, rows(), rows().get(pk=pk), list_url="/declared/clients/")
    return JsonResponse({"list": around.list_url, "previous": around.previous, "next": around.next})


CHOSEN = replace(CLIENTS, name="chosen", bulk_template="lists/_neighbours.html")


def chosen_list(request):
    return render_list(request, CHOSEN, rows())


urlpatterns = [
    path("declared/chosen/", chosen_list),
    path("declared/clients/", client_list),
    path("declared/clients/<int:pk>/", client_detail),
    path("", include("crm.urls")),
]
