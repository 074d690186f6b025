"""A list whose filter lets through what the database cannot hold."""

import django_filters as filters
from django.urls import include, path

from clients.models import Client
from crm.lists import Column, ListSpec, render_list


class CarelessFilter(filters.FilterSet):
    when = filters.CharFilter(label="When", method="by_year")

    class Meta:
        model = Client
        fields = ()

    def by_year(self, rows, name, value):
        return rows.extra(where=["created_at > make_date(%s::int, 1, 1)"], params=[value])


LIST = ListSpec(
    name="broken",
    model=Client,
    columns=[Column("name", "Name", sort="sort_key")],
    default_sort="name",
    filters=CarelessFilter,
)

urlpatterns = [
    path("broken/", lambda request: render_list(request, LIST, Client.objects.all())),
    path("", include("crm.urls")),
]
