"""Fields of the client base: picking a client by code or name, and marks."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clients.models import Client, Counterparty
from crm.accounts.models import User
from crm.fields import CleanCharField
from crm.names import plain_text, search_key

CODE_SEPARATOR = " · "


class ClientPickField(CleanCharField):
    """A visible client by its code, typed or chosen from a list of «code · name», or by its name.

    A part of the name is enough where it means one client; the legal form, quotes and ё do not
    count. Where several fit, the refusal says how many and names the first of them.
    """

    user: User
    longest, offered = 400, 5

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=None, **options)  # the value is a client, not a text

    def to_python(self, value: Any) -> Any:
        text = plain_text(super().to_python(value))[: self.longest]
        if not text:
            return None
        code = text.split(CODE_SEPARATOR.strip())[0].strip()
        clients = Client.objects.visible_to(self.user).open()
        return clients.filter(code__iexact=code).first() or self._named(clients, search_key(text))

    def _named(self, clients: Any, key: str) -> Client:
        """The only client whose name, or that of a legal side, is this or has it in it."""
        for how in ("search_key", "search_key__contains"):
            sides = Counterparty.objects.filter(**{how: key}).values("client")
            fitting = clients.filter(Q(**{how: key}) | Q(pk__in=sides)) if key else clients.none()
            found = list(fitting.order_by("sort_key", "pk")[: self.offered])
            if len(found) == 1:
                return found[0]
            if found:
                raise self._several(found, fitting.count())
        raise ValidationError(_("Choose a client from the list."), code="no_client")

    def _several(self, found: list[Client], count: int) -> ValidationError:
        """How many fit, and the first of them as the list offers them."""
        text = ngettext(
            "%(count)s client fits: %(names)s. Type more of the name, or the code.",
            "%(count)s clients fit: %(names)s. Type more of the name, or the code.",
            count,
        )
        names = "; ".join(str(self.prepare_value(client)) for client in found)
        shown = {"count": count, "names": names}
        return ValidationError(text, code="several_clients", params=shown)

    def run_validators(self, value: Any) -> None:
        """A found client is no text to measure."""
        if not isinstance(value, Client):
            super().run_validators(value)

    def prepare_value(self, value: Any) -> Any:
        return f"{value.code}{CODE_SEPARATOR}{value.name}" if isinstance(value, Client) else value


class TagsField(CleanCharField):
    """Marks separated by commas, each once whatever its case."""

    most, longest = 15, 50

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value if not isinstance(value, list) else ", ".join(value))
        tags: dict[str, str] = {}
        for part in text.replace(";", ",").split(","):
            if part.strip():
                tags.setdefault(part.strip().casefold(), part.strip())
        if len(tags) > self.most:
            raise ValidationError(_("At most %(most)s tags.") % {"most": self.most})
        if any(len(tag) > self.longest for tag in tags.values()):
            raise ValidationError(_("A tag has at most %(most)s letters.") % {"most": self.longest})
        return list(tags.values())

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list) else value
