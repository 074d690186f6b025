"""Addresses and filled forms of the client card, for its tests."""

from uuid import uuid4

from django.urls import reverse
from django.utils import timezone

HTMX = {"HX-Request": "true"}


def url(name, *args):
    return reverse(f"clients:{name}", args=args)


def new_form(**more):
    return {
        "key": str(uuid4()),
        "name": "ООО «Новый»",
        "kind": "legal",
        "status": "prospect",
        **more,
    }


def edit_form(client, **more):
    return {
        "version": client.version,
        "name": client.name,
        "kind": client.kind,
        "status": client.status,
        **more,
    }


def handing_over(to, **more):
    return {
        "key": str(uuid4()),
        "manager": to.pk,
        "on": timezone.localdate().isoformat(),
        "kind": "rebalance",
        **more,
    }
