"""Small answers while somebody types: clients to choose from, likenesses of a new client."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from clients import permissions
from clients.duplicates import same_inn_kpp, similar_clients, taken_sentence
from clients.models import Client
from clients.search import search_clients
from crm.phones import parse_phone
from crm.web import person_of, whole_number

OPTIONS = 10
LONGEST = 300


@require_safe
def client_options(request: HttpRequest) -> HttpResponse:
    """Visible clients for a field that picks one."""
    text = (request.GET.get("parent") or request.GET.get("client", ""))[:LONGEST]
    found = search_clients(person_of(request), text, OPTIONS)
    return render(request, "clients/_client_options.html", {"clients": found})


@require_safe
def duplicates(request: HttpRequest) -> HttpResponse:
    """A hard stop on the same INN + KPP; a hint on the same phone or a similar name."""
    user = person_of(request)
    if not permissions.can_create_client(user):
        raise PermissionDenied
    inn, kpp, name = (_typed(request, key) for key in ("inn", "kpp", "name"))
    besides = whole_number(request.GET.get("besides"))
    taken = same_inn_kpp(inn, kpp)
    visible = Client.objects.visible_to(user)
    context = {
        "taken": taken_sentence(taken, user) if taken else "",
        "taken_client": visible.filter(pk=taken.client_id).first() if taken else None,
        "alike": similar_clients(
            user, name=name, phone=_phone(request), inn="" if taken else inn, besides=besides
        ),
    }
    return render(request, "clients/_client_duplicates.html", context)


def _typed(request: HttpRequest, key: str) -> str:
    return request.GET.get(key, "").replace("\x00", "").strip()[:LONGEST]


def _phone(request: HttpRequest) -> str:
    """A whole phone number typed so far, or nothing."""
    try:
        return parse_phone(_typed(request, "phone"), extension=True)
    except ValidationError:
        return ""
