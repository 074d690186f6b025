"""Is this client here already? A hard stop on INN + KPP, a hint on phone and similar name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib.postgres.search import TrigramSimilarity
from django.db import connection
from django.db.models import Q
from django.utils.translation import gettext as _

from clients.models import Client, ContactPerson, Counterparty
from crm.names import search_key

if TYPE_CHECKING:
    from crm.accounts.models import User

SIMILAR = 0.45
LEAST_LETTERS = 4
MOST = 3


@dataclass(frozen=True)
class Likeness:
    """A client that looks like the one being typed; hidden ones have no client to show."""

    reason: str
    client: Client | None = None


def same_inn_kpp(inn: str, kpp: str, *, besides: int | None = None) -> Counterparty | None:
    """The counterparty that has this INN and KPP, whoever sees it; archived ones count."""
    if not inn:
        return None
    rows = Counterparty.objects.filter(inn=inn, kpp=kpp).exclude(pk=besides or 0)
    found: Counterparty | None = rows.select_related("client__manager").first()
    return found


def taken_sentence(taken: Counterparty, user: User) -> str:
    """Name the client with this INN and KPP to those who see it; to others only that it exists."""
    if not Client.objects.visible_to(user).filter(pk=taken.client_id).exists():
        return _("A client with this INN and KPP exists already. Ask your head.")
    return _("This INN and KPP belong to %(client)s (%(code)s, %(manager)s).") % {
        "client": taken.client.name,
        "code": taken.client.code,
        "manager": taken.client.manager or _("no manager"),
    }


def similar_clients(
    user: User, *, name: str = "", phone: str = "", inn: str = "", besides: int | None = None
) -> list[Likeness]:
    """Clients with the same INN or phone, or a name much alike; at most a few of each.

    A client the user does not see is a likeness without a name: ask your head.
    """
    found: dict[int, str] = {}
    for reason, condition in _same(phone, inn):
        rows = Client.objects.filter(condition).exclude(pk=besides or 0).order_by("pk")
        for pk in rows.values_list("pk", flat=True).distinct()[:MOST]:
            found.setdefault(pk, reason)
    for pk in _alike(name, besides):
        found.setdefault(pk, _("a similar name"))
    visible = Client.objects.visible_to(user).for_list().in_bulk(list(found))
    shown = [Likeness(reason, visible[pk]) for pk, reason in found.items() if pk in visible]
    hidden = {reason for pk, reason in found.items() if pk not in visible}
    return shown + [Likeness(reason) for reason in sorted(hidden)]


def _same(phone: str, inn: str) -> list[tuple[str, Q]]:
    """Conditions that mean the same company more often than not."""
    conditions = []
    if inn:
        clients = Counterparty.objects.filter(inn=inn).values("client")
        conditions.append((_("the same INN"), Q(pk__in=clients)))
    if phone:
        clients = ContactPerson.objects.filter(phone=phone, archived_at=None).values("client")
        conditions.append((_("the same phone"), Q(phone=phone)))
        conditions.append((_("the same phone of a person"), Q(pk__in=clients)))
    return conditions


def _alike(name: str, besides: int | None) -> list[int]:
    """Names with most trigrams in common, found by the index."""
    key = search_key(name)
    if len(key) < LEAST_LETTERS:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('pg_trgm.similarity_threshold', %s, false)", [str(SIMILAR)]
        )
    rows = Client.objects.filter(search__names__trigram_similar=key).exclude(pk=besides or 0)
    near = rows.annotate(near=TrigramSimilarity("search__names", key)).order_by("-near", "pk")
    return list(near.values_list("pk", flat=True)[:MOST])
