"""Price agreements with producers entered, changed, taken out (DL-02)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.accounts.models import User
from crm.errors import RuleViolation, StaleVersion
from crm.history import verb
from crm.names import sort_key
from crm.numbering import one_at_a_time
from deals import permissions
from deals.actions.documents import MOST_LINES
from deals.models import ProducerAgreementLine, ProducerPriceAgreement, Product, ProductGroup


@dataclass(frozen=True)
class AgreementHead:
    """What an agreement says above its lines; `valid_to` is the last day."""

    producer: str
    number: str
    valid_from: date
    valid_to: date | None
    keeper: User
    services: str = ""


@dataclass(frozen=True)
class AgreementLine:
    """What it binds us to for a product or for a group; roubles with VAT, percent."""

    product: Product | None = None
    group: ProductGroup | None = None
    recommended_price: Decimal | None = None
    lowest_price: Decimal | None = None
    highest_discount: Decimal | None = None

    @property
    def key(self) -> tuple[int | None, int | None]:
        """Of an agreement there is one line of it."""
        return (self.product.pk if self.product else None, self.group.pk if self.group else None)


VALUES = ("recommended_price", "lowest_price", "highest_discount")


@transaction.atomic
def create_agreement(
    *, by: User, head: AgreementHead, lines: Sequence[AgreementLine], key: UUID
) -> ProducerPriceAgreement:
    """Enter an agreement with its lines; once per `key`, however often it is sent (G-RL7)."""
    _allow(by)
    one_at_a_time(key)
    known = ProducerPriceAgreement.objects.filter(idempotency_key=key, created_by=by)
    before: ProducerPriceAgreement | None = known.first()
    if before is not None:
        return before
    made = ProducerPriceAgreement(created_by=by, idempotency_key=key)
    with verb("producer.created", by=by):
        _write(made, head, lines)
    return made


@transaction.atomic
def edit_agreement(
    agreement_id: int,
    *,
    by: User,
    version: int,
    head: AgreementHead,
    lines: Sequence[AgreementLine],
) -> ProducerPriceAgreement:
    """Replace what it says; lines that stay keep their history. StaleVersion for an old page."""
    found = _locked(agreement_id, by, version)
    if found.archived_at is not None:
        raise RuleViolation(_("It is taken out: bring it back first."))
    with verb("producer.edited", by=by):
        found.version += 1
        _write(found, head, lines)
    return found


@transaction.atomic
def archive_agreement(agreement_id: int, *, by: User, version: int) -> ProducerPriceAgreement:
    """Take out what was entered by mistake: it binds to nothing from now on."""
    found = _locked(agreement_id, by, version)
    if found.archived_at is not None:
        raise RuleViolation(_("It is taken out already."))
    with verb("producer.archived", by=by):
        _touch(found, archived_at=timezone.now())
    return found


@transaction.atomic
def restore_agreement(agreement_id: int, *, by: User, version: int) -> ProducerPriceAgreement:
    """Bring back what was taken out."""
    found = _locked(agreement_id, by, version)
    if found.archived_at is None:
        raise RuleViolation(_("It is not taken out."))
    with verb("producer.restored", by=by), _once():
        _touch(found, archived_at=None)
    return found


def _allow(by: User) -> None:
    if not permissions.can_keep_producers(by):
        raise PermissionDenied


def _locked(agreement_id: int, by: User, version: int) -> ProducerPriceAgreement:
    rows = ProducerPriceAgreement.objects.visible_to(by).select_for_update(of=("self",))
    found: ProducerPriceAgreement = rows.get(pk=agreement_id)
    _allow(by)
    if found.version != version:
        raise StaleVersion(of=found)
    return found


def _touch(found: ProducerPriceAgreement, **values: Any) -> None:
    for name, value in values.items():
        setattr(found, name, value)
    found.version += 1
    found.save(update_fields=[*values, "version"])


def _write(
    agreement: ProducerPriceAgreement, head: AgreementHead, lines: Sequence[AgreementLine]
) -> None:
    _check_head(head)
    _check_lines(lines)
    for name in AgreementHead.__dataclass_fields__:
        setattr(agreement, name, getattr(head, name))
    agreement.sort_key = sort_key(head.producer)
    with _once():
        agreement.save()
    known = {(row.product_id, row.group_id): row for row in agreement.lines.all()}
    for position, line in enumerate(lines, start=1):
        row = known.pop(line.key, None)
        _put(row or ProducerAgreementLine(agreement=agreement), line, position)
    for gone in known.values():
        gone.delete()


def _put(row: ProducerAgreementLine, line: AgreementLine, position: int) -> None:
    wanted = {name: getattr(line, name) for name in ("product", "group", *VALUES)}
    wanted["position"] = position
    if row.pk is not None and all(getattr(row, name) == value for name, value in wanted.items()):
        return
    for name, value in wanted.items():
        setattr(row, name, value)
    row.save()


def _check_head(head: AgreementHead) -> None:
    if head.valid_to is not None and head.valid_to < head.valid_from:
        raise RuleViolation(_("The last day is not before the first."), field="valid_to")
    if not permissions.can_keep_producers(head.keeper):
        text = _("Agreements are kept by people of purchasing and marketing.")
        raise RuleViolation(text, field="keeper")


def _check_lines(lines: Sequence[AgreementLine]) -> None:
    if not lines:
        raise RuleViolation(_("An agreement has at least one line."))
    if len(lines) > MOST_LINES:
        raise RuleViolation(_("A document has at most %(most)s lines.") % {"most": MOST_LINES})
    seen: set[tuple[int | None, int | None]] = set()
    for place, line in enumerate(lines):
        if line.key in seen:
            text = _("A product or a group stands in an agreement once.")
            raise RuleViolation(text, field=f"line-{place}-product")
        seen.add(line.key)


@contextmanager
def _once() -> Iterator[None]:
    """Say in words that the producer's agreement of this number is known."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as clash:
        if "producer_agreement_number_once" not in str(clash):
            raise
        text = _("An agreement of this producer with this number is here already.")
        raise RuleViolation(text, field="number") from clash
