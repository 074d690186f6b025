"""Writes of counterparties and their bank accounts (D.1, D.2); INN + KPP exist once."""

from __future__ import annotations

from typing import TypedDict, Unpack
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clients.actions.locks import absent_owner, lock_for_edit
from clients.duplicates import same_inn_kpp, taken_sentence
from clients.keys import COUNTERPARTY_KEYS, set_counterparty_keys
from clients.models import Client, Counterparty
from crm import requisites
from crm.accounts.models import User
from crm.errors import RuleViolation, StaleVersion
from crm.history import verb
from crm.refusals import Sentence, politely

CONSTRAINTS: dict[str, Sentence] = {
    "counterparty_inn_kpp_once": (
        gettext_lazy("A client with this INN and KPP exists already. Ask your head."),
        "inn",
    ),
    "counterparty_inn_digits": (
        gettext_lazy("INN must have 10 digits for a company or 12 for an entrepreneur."),
        "inn",
    ),
    "counterparty_kpp_of_legal_entity": (
        gettext_lazy("An entrepreneur (INN of 12 digits) has no KPP: leave it empty."),
        "kpp",
    ),
}


class CounterpartyValues(TypedDict, total=False):
    """The legal side of a client."""

    full_name: str
    short_name: str
    inn: str
    kpp: str
    ogrn: str
    legal_address: str
    is_main: bool


def create_counterparty(
    client_id: int, *, by: User, key: UUID | None = None, **values: Unpack[CounterpartyValues]
) -> Counterparty:
    """Add a legal entity to a client, once per `key`; a hard stop on an existing INN + KPP."""
    try:
        return _create(client_id, by, key, values)
    except IntegrityError as clash:
        if "idempotency_key" not in str(clash):
            raise
        rows = Counterparty.objects.visible_to(by).filter(client=client_id, idempotency_key=key)
        found: Counterparty | None = rows.first()
        if found is None:
            raise RuleViolation(_("This form has been used already. Reload the page.")) from clash
        return found


@transaction.atomic
def _create(client_id: int, by: User, key: UUID | None, values: CounterpartyValues) -> Counterparty:
    client = lock_for_edit(client_id, by=by)
    with verb("counterparty.created", by=by, on_behalf_of=absent_owner(client, by)):
        return add_counterparty(client, by=by, key=key, **values)


def add_counterparty(
    client: Client, *, by: User, key: UUID | None = None, **values: Unpack[CounterpartyValues]
) -> Counterparty:
    """Insert a counterparty; the caller holds the client's lock and names the verb.

    The first one is the main one.
    """
    # Before the check of INN + KPP, so that the second click of one form finds its own row.
    if key and Counterparty.objects.filter(idempotency_key=key).exists():
        raise IntegrityError("idempotency_key")
    counterparty = Counterparty(client=client, idempotency_key=key, is_main=False)
    wants_main = values.pop("is_main", False)
    _put(counterparty, values, by=by)
    others = Counterparty.objects.open().filter(client=client)
    if wants_main or not others.exists():
        _step_back(client)
        counterparty.is_main = True
    with politely(CONSTRAINTS):
        counterparty.save(force_insert=True)
    return counterparty


@transaction.atomic
def edit_counterparty(
    counterparty_id: int, *, by: User, version: int, **values: Unpack[CounterpartyValues]
) -> Counterparty:
    """Change the legal side; StaleVersion when somebody was faster.

    Making one the main one takes the mark from the other; the last main one keeps it.
    """
    counterparty = lock_counterparty(counterparty_id, by=by)
    if counterparty.version != version:
        raise StaleVersion(of=counterparty)
    if values.pop("is_main", False) and not counterparty.is_main and not counterparty.archived_at:
        _step_back(counterparty.client)
        counterparty.is_main = True
    _put(counterparty, values, by=by)
    _save(counterparty, [*values, *COUNTERPARTY_KEYS, "is_main"], "counterparty.edited", by=by)
    return counterparty


@transaction.atomic
def archive_counterparty(counterparty_id: int, *, by: User) -> Counterparty:
    """The legal entity is not used any more; its INN and KPP stay taken.

    The main one hands the mark over to the oldest of the others.
    """
    counterparty = lock_counterparty(counterparty_id, by=by)
    if counterparty.archived_at is not None:
        return counterparty
    was_main, counterparty.is_main = counterparty.is_main, False
    counterparty.archived_at = timezone.now()
    _save(counterparty, ["archived_at", "is_main"], "counterparty.archived", by=by)
    if was_main:
        _promote_oldest(counterparty.client)
    return counterparty


@transaction.atomic
def restore_counterparty(counterparty_id: int, *, by: User) -> Counterparty:
    """The legal entity is used again; it becomes the main one only where there is none."""
    counterparty = lock_counterparty(counterparty_id, by=by)
    if counterparty.archived_at is not None:
        open_ones = Counterparty.objects.open().filter(client=counterparty.client)
        counterparty.archived_at = None
        counterparty.is_main = not open_ones.exists()
        _save(counterparty, ["archived_at", "is_main"], "counterparty.restored", by=by)
    return counterparty


def lock_counterparty(counterparty_id: int, *, by: User) -> Counterparty:
    """A visible counterparty under a lock, the client locked before it."""
    visible = Counterparty.objects.visible_to(by)
    client = lock_for_edit(visible.only("client_id").get(pk=counterparty_id).client_id, by=by)
    counterparty: Counterparty = visible.select_for_update(of=("self",)).get(pk=counterparty_id)
    counterparty.client = client
    return counterparty


def _put(counterparty: Counterparty, values: CounterpartyValues, *, by: User) -> None:
    for name, value in values.items():
        setattr(counterparty, name, value)
    set_counterparty_keys(counterparty)
    _check_codes(counterparty)
    taken = same_inn_kpp(counterparty.inn, counterparty.kpp, besides=counterparty.pk)
    if taken is not None:
        raise RuleViolation(taken_sentence(taken, by), field="inn")


def _check_codes(counterparty: Counterparty) -> None:
    """Exact checks of D.1 once more: not every caller is a form."""
    checks = (
        ("inn", requisites.validate_inn, (counterparty.inn,)),
        ("kpp", requisites.validate_kpp, (counterparty.kpp,)),
        ("ogrn", requisites.validate_any_ogrn, (counterparty.ogrn,)),
    )
    for field, check, values in checks:
        if values[0]:
            _politely_checked(field, check, *values)
    if counterparty.kpp and not counterparty.inn:
        raise RuleViolation(_("A KPP needs the INN beside it."), field="inn")
    _politely_checked("kpp", requisites.validate_inn_with_kpp, counterparty.inn, counterparty.kpp)
    if not counterparty.full_name.strip():
        raise RuleViolation(_("Write the full name."), field="full_name")


def _politely_checked(field: str, check: object, *values: str) -> None:
    """Run a check of `crm.requisites`; its sentence becomes the refusal."""
    try:
        check(*values)  # type: ignore[operator]
    except ValidationError as refusal:
        raise RuleViolation(" ".join(refusal.messages), field=field) from refusal


def _step_back(client: Client) -> None:
    """Take the mark from the main counterparty of a locked client."""
    for other in Counterparty.objects.filter(client=client, is_main=True, archived_at=None):
        other.is_main = False
        other.version += 1
        other.save(update_fields=["is_main", "version"])


def _promote_oldest(client: Client) -> None:
    oldest = Counterparty.objects.open().filter(client=client).order_by("pk").first()
    if oldest is not None:
        oldest.is_main = True
        oldest.version += 1
        oldest.save(update_fields=["is_main", "version"])


def _save(counterparty: Counterparty, fields: list[str], name: str, *, by: User) -> None:
    counterparty.version += 1
    absent = absent_owner(counterparty.client, by)
    with verb(name, by=by, on_behalf_of=absent), politely(CONSTRAINTS):
        counterparty.save(update_fields=[*fields, "version"])
