"""The product's addresses and the floor."""

from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path

from clients.models import Client, ContactLog
from crm.accounts.models import OrgUnit
from crm.urls import handler400, handler403, handler404, handler500  # noqa: F401
from crm.urls import urlpatterns as product

TEMPLATE = engines["django"].from_string(
    "<!doctype html><title>Floor</title><h1>{{ user }}</h1><p>{{ units }} {{ contact }}</p><table>"
    "{% for c in rows %}<tr><td>{{ c.code }}</td><td><a href='/clients/{{ c.pk }}/'>{{ c.name }}"
    "</a></td><td>{{ c.category }}</td><td>{{ c.status }}</td></tr>{% endfor %}</table>"
)


def floor(request: HttpRequest) -> HttpResponse:
    """25 rows from three queries, nothing else."""
    context = {
        "rows": list(Client.objects.order_by("sort_key", "pk")[:25]),
        "units": OrgUnit.objects.count(),
        "contact": ContactLog.objects.order_by("pk").first(),
    }
    return HttpResponse(TEMPLATE.render(context, request))


urlpatterns = [path("floor/", floor), *product]
