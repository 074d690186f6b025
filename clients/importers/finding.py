"""Clients by whatever a file calls them: code, external id, INN, name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from clients.importers.owners import is_unchecked
from clients.models import Client, Counterparty
from crm.accounts.models import User
from crm.names import search_key, sort_key
from crm.requisites import repair_inn

Found = dict[str, set[int]]


class ClientFinder:
    """Looks clients up in portions and remembers what it found."""

    def __init__(self, by: User | None, *, loosely: bool = True) -> None:
        clients = Client.objects.all()
        if by is not None and not is_unchecked(by):
            clients = Client.objects.visible_to(by)
        self.clients: QuerySet[Client] = clients
        self.known: dict[str, set[int]] = {}
        # Money goes by exact names only: «ООО Ромашка» is not «АО Ромашка».
        self.looks = [self._codes, self._inns, self._names]
        if loosely:
            self.looks.append(self._loose_names)

    def load(self, texts: Iterable[str]) -> None:
        """Read what these texts may mean; the strictest reading that finds anything counts."""
        left = {text for text in texts if text and text not in self.known}
        for look in self.looks:
            if left:
                found = look(left)
                self.known |= found
                left -= found.keys()
        self.known |= {text: set() for text in left}

    def find(self, text: str) -> int:
        """The key of the only client meant; raises ValidationError."""
        ids = self.known[text]
        if not ids:
            raise ValidationError(_("There is no client “%(name)s”.") % {"name": text[:80]})
        if len(ids) > 1:
            raise ValidationError(
                _("“%(name)s” may be several clients: use the code.") % {"name": text[:80]}
            )
        return next(iter(ids))

    def _codes(self, texts: set[str]) -> Found:
        """Codes of clients and ids of other programs."""
        upper = {text.upper(): text for text in texts}
        rows = self.clients.filter(Q(code__in=upper) | Q(external_id__in=texts))
        found: Found = defaultdict(set)
        for pk, code, external_id in rows.values_list("pk", "code", "external_id"):
            text = external_id if external_id in texts else upper[code]
            found[text].add(pk)
        return found

    def _inns(self, texts: set[str]) -> Found:
        """INN, or INN and KPP with a slash between."""
        parts = {text: text.partition("/") for text in texts if text[:1].isdigit()}
        codes = {text: (repair_inn(part[0]), part[2]) for text, part in parts.items()}
        inns = {inn for inn, _kpp in codes.values() if len(inn) in {10, 12}}
        rows = Counterparty.objects.filter(inn__in=inns, client__in=self.clients)
        by_inn: dict[str, list[tuple[str, int]]] = defaultdict(list)
        for inn, kpp, pk in rows.values_list("inn", "kpp", "client"):
            by_inn[inn].append((kpp, pk))
        return {
            text: {pk for own, pk in by_inn[inn] if kpp in {"", own}}
            for text, (inn, kpp) in codes.items()
            if inn in by_inn
        }

    def _names(self, texts: set[str]) -> Found:
        """Names as they are written, case and quotes aside."""
        keys: dict[str, set[str]] = defaultdict(set)
        for text in texts:
            keys[sort_key(text)].add(text)
        rows = self.clients.filter(sort_key__in=keys).values_list("pk", "sort_key")
        return _spread(rows, keys)

    def _loose_names(self, texts: set[str]) -> Found:
        """Names without their legal form, of clients or of their legal sides."""
        keys: dict[str, set[str]] = defaultdict(set)
        for text in texts:
            if key := search_key(text):
                keys[key].add(text)
        found = _spread(
            self.clients.filter(search_key__in=keys).values_list("pk", "search_key"), keys
        )
        left = {key: names for key, names in keys.items() if not names & found.keys()}
        legal = Counterparty.objects.filter(search_key__in=left, client__in=self.clients)
        return found | _spread(legal.values_list("client", "search_key"), left)


def _spread(rows: Iterable[tuple[int, str]], keys: dict[str, set[str]]) -> Found:
    found: Found = defaultdict(set)
    for pk, key in rows:
        for text in keys[key]:
            found[text].add(pk)
    return found
