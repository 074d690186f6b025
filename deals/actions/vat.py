"""Rates of VAT by date: added, ended, taken out while no posted document bears them (VAT-4)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.accounts.models import User
from crm.errors import RuleViolation, StaleVersion
from crm.history import verb
from deals import permissions
from deals.models import VatRate


@transaction.atomic
def add_rate(*, by: User, kind: str, percent: Decimal, valid_from: date) -> VatRate:
    """Let a rate hold from a day on; the one before it ends on that day.

    Raises RuleViolation where a later rate stands, or posted documents bear the former one on that
    day or after it.
    """
    _allow(by)
    _one_at_a_time()
    last = VatRate.objects.open().filter(kind=kind).order_by("-valid_from").first()
    if last is not None and last.valid_from >= valid_from:
        text = _("A rate from %(day)s stands already; choose a later day.")
        raise RuleViolation(text % {"day": f"{last.valid_from:%d.%m.%Y}"}, field="valid_from")
    with verb("vat.added", by=by), unless_used("valid_from"):
        if last is not None and (last.valid_to is None or last.valid_to > valid_from):
            _end(last, valid_from)
        return VatRate.objects.create(kind=kind, percent=percent, valid_from=valid_from)


@transaction.atomic
def end_rate(rate_id: int, *, by: User, version: int, on: date) -> VatRate:
    """Let a rate hold no more from a day on; goods of the kind then need another one."""
    rate = _locked(rate_id, by, version)
    if rate.valid_to is not None:
        raise RuleViolation(_("The rate has an end already."))
    if on <= rate.valid_from:
        raise RuleViolation(_("Choose a later day."), field="on")
    with verb("vat.ended", by=by), unless_used("on"):
        _end(rate, on)
    return rate


@transaction.atomic
def remove_rate(rate_id: int, *, by: User, version: int) -> None:
    """Take out the last rate of its kind, entered by mistake; the one before it holds again."""
    rate = _locked(rate_id, by, version)
    others = VatRate.objects.open().filter(kind=rate.kind)
    if others.filter(valid_from__gt=rate.valid_from).exists():
        raise RuleViolation(_("A later rate stands: take it out first."))
    before = others.filter(valid_to=rate.valid_from).first()
    with verb("vat.removed", by=by), unless_used():
        rate.archived_at = timezone.now()
        rate.version += 1
        rate.save(update_fields=["archived_at", "version"])
        if before is not None:
            _end(before, None)


@contextmanager
def unless_used(field: str | None = None) -> Iterator[None]:
    """Say in words what the trigger of the table refuses."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as clash:
        if "vat_rate_used_stays" not in str(clash) and "bear this rate" not in str(clash):
            raise
        # The trigger names the rule in its words and in the constraint.
        text = _("Posted documents bear this rate on that day or after it.")
        raise RuleViolation(text, field=field) from clash


def _end(rate: VatRate, on: date | None) -> None:
    rate.valid_to = on
    rate.version += 1
    rate.save(update_fields=["valid_to", "version"])


def _one_at_a_time() -> None:
    """Rates are few and rarely touched: one writer until the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('vat rates'))")


def _allow(by: User) -> None:
    if not permissions.can_edit_catalogue(by):
        raise PermissionDenied


def _locked(rate_id: int, by: User, version: int) -> VatRate:
    _allow(by)
    _one_at_a_time()
    rate: VatRate = VatRate.objects.open().select_for_update(of=("self",)).get(pk=rate_id)
    if rate.version != version:
        raise StaleVersion(of=rate)
    return rate
