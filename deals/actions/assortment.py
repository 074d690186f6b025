"""The assortment matrix: written, put away; changes that heads ask for (DL-01)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.accounts.models import OrgUnit, OrgUnitKind, User
from crm.approvals import actions as approvals
from crm.errors import RuleViolation, StaleVersion
from crm.history import verb
from crm.lines import write_lines
from crm.numbering import one_at_a_time
from crm.refusals import politely
from crm.states import move
from deals import permissions
from deals.actions.documents import MOST_LINES
from deals.models import (
    ASSORTMENT_PROPOSAL_MOVES,
    AssortmentChange,
    AssortmentLine,
    AssortmentMatrix,
    AssortmentProposal,
    AssortmentProposalState,
    Product,
)
from deals.models.assortment import LEAST_REASON

KIND = "assortment.change"
_ONCE = {
    "assortment_matrix_once": (
        gettext_lazy("There is a matrix for this channel and category already."),
        "channel",
    )
}
_ASKED = {
    "assortment_proposal_one_open": (
        gettext_lazy("A change of this product has been proposed already."),
        "product",
    )
}


@dataclass(frozen=True)
class MatrixHead:
    """For whom a matrix is; empty is any."""

    channel: str = ""
    category: str = ""


@dataclass(frozen=True)
class MatrixLine:
    """A product and whether every client of the matrix must have it."""

    product: Product
    obligatory: bool = False


@transaction.atomic
def create_matrix(
    *, by: User, head: MatrixHead, lines: Sequence[MatrixLine], key: UUID
) -> AssortmentMatrix:
    """A matrix with its goods, once per `key`."""
    _allow(by)
    one_at_a_time(key)
    known = AssortmentMatrix.objects.filter(idempotency_key=key, created_by=by).first()
    if known is not None:
        return known  # type: ignore[no-any-return]
    made = AssortmentMatrix(created_by=by, idempotency_key=key)
    with verb("assortment.created", by=by):
        _write(made, head, lines)
    return made


@transaction.atomic
def edit_matrix(
    matrix_id: int, *, by: User, version: int, head: MatrixHead, lines: Sequence[MatrixLine]
) -> AssortmentMatrix:
    """Replace what it says; lines that stay keep their history. StaleVersion for an old page."""
    found = _locked(matrix_id, by, version)
    if found.archived_at is not None:
        raise RuleViolation(_("The matrix is put away: bring it back first."))
    with verb("assortment.edited", by=by):
        found.version += 1
        _write(found, head, lines)
    return found


@transaction.atomic
def archive_matrix(matrix_id: int, *, by: User, version: int, archived: bool) -> AssortmentMatrix:
    """It holds for nobody any more, or again."""
    found = _locked(matrix_id, by, version)
    if (found.archived_at is not None) == archived:
        raise RuleViolation(_("This has been done already."))
    name = "assortment.archived" if archived else "assortment.restored"
    with verb(name, by=by), politely(_ONCE):
        found.archived_at = timezone.now() if archived else None
        found.version += 1
        found.save(update_fields=["archived_at", "version"])
    return found


@transaction.atomic
def propose_change(
    matrix_id: int, *, by: User, product: Product, change: str, reason: str, today: date
) -> AssortmentProposal:
    """A head asks marketing for a change; what was returned is corrected and sent again."""
    rows = AssortmentMatrix.objects.visible_to(by).select_for_update(of=("self",))
    matrix: AssortmentMatrix = rows.get(pk=matrix_id)
    if not permissions.can_propose_assortment(by):
        raise PermissionDenied
    if matrix.archived_at is not None:
        raise RuleViolation(_("The matrix is put away: bring it back first."))
    if len(reason.strip()) < LEAST_REASON:
        text = _("At least %(least)s characters: why.") % {"least": LEAST_REASON}
        raise RuleViolation(text, field="reason")
    _check_change(matrix, product, change)
    with verb(f"{KIND}.proposed", by=by):
        proposal = _proposal(matrix, by, product, change, reason.strip())
    approvals.submit(
        proposal,
        kind=KIND,
        by=by,
        title=lambda: str(proposal),
        org_unit=by.org_unit or OrgUnit.objects.filter(kind=OrgUnitKind.COMPANY).first(),
        today=today,
    )
    return proposal


def carry_out(proposal: AssortmentProposal) -> None:
    """Put the accepted change into its matrix; nothing to do where it stands there by now."""
    rows = AssortmentMatrix.objects.select_for_update(of=("self",))
    matrix = rows.get(pk=proposal.matrix_id)
    if matrix.archived_at is not None:
        raise RuleViolation(_("The matrix is put away: reject the proposal."))
    lines = AssortmentLine.objects.filter(matrix=matrix)
    line = lines.filter(product=proposal.product_id).first()
    if proposal.change == AssortmentChange.OUT:
        if line is not None:
            line.delete()
    elif line is None:
        last = lines.aggregate(most=Max("position"))["most"] or 0
        AssortmentLine.objects.create(
            matrix=matrix,
            product_id=proposal.product_id,
            position=last + 1,
            obligatory=proposal.change == AssortmentChange.OBLIGATORY,
        )
    else:
        line.obligatory = proposal.change == AssortmentChange.OBLIGATORY
        line.save(update_fields=["obligatory"])
    matrix.version += 1
    matrix.save(update_fields=["version"])


def _proposal(
    matrix: AssortmentMatrix, by: User, product: Product, change: str, reason: str
) -> AssortmentProposal:
    """A new one, or the returned one of this product."""
    found = AssortmentProposal.objects.filter(
        matrix=matrix, product=product, state=AssortmentProposalState.RETURNED
    ).select_for_update(of=("self",)).first()  # fmt: skip
    if found is None:
        with politely(_ASKED):
            return AssortmentProposal.objects.create(
                matrix=matrix, product=product, change=change, reason=reason, author=by
            )
    values: dict[str, Any] = {"change": change, "reason": reason, "author": by}
    move(found, ASSORTMENT_PROPOSAL_MOVES, AssortmentProposalState.PROPOSED, **values)
    return found  # type: ignore[no-any-return]


def _check_change(matrix: AssortmentMatrix, product: Product, change: str) -> None:
    """A change that changes nothing is refused."""
    line = AssortmentLine.objects.filter(matrix=matrix, product=product).first()
    now = AssortmentChange.OUT
    if line is not None:
        now = AssortmentChange.OBLIGATORY if line.obligatory else AssortmentChange.ALLOWED
    if change not in AssortmentChange.values or change == now:
        raise RuleViolation(_("The product already has this status in the matrix."), field="change")
    if product.archived_at is not None and change != AssortmentChange.OUT:
        raise RuleViolation(_("This product is discontinued."), field="product")


def _allow(by: User) -> None:
    if not permissions.can_keep_assortment(by):
        raise PermissionDenied


def _locked(matrix_id: int, by: User, version: int) -> AssortmentMatrix:
    rows = AssortmentMatrix.objects.visible_to(by).select_for_update(of=("self",))
    found: AssortmentMatrix = rows.get(pk=matrix_id)
    _allow(by)
    if found.version != version:
        raise StaleVersion(of=found)
    return found


def _write(matrix: AssortmentMatrix, head: MatrixHead, lines: Sequence[MatrixLine]) -> None:
    _check_lines(lines)
    matrix.channel, matrix.category = head.channel.strip(), head.category
    with politely(_ONCE):
        matrix.save()
    wanted = [
        AssortmentLine(
            matrix=matrix, position=place, product=line.product, obligatory=line.obligatory
        )
        for place, line in enumerate(lines, start=1)
    ]
    write_lines(
        AssortmentLine.objects.filter(matrix=matrix), wanted, same=lambda line: line.product_id
    )


def _check_lines(lines: Sequence[MatrixLine]) -> None:
    if not lines:
        raise RuleViolation(_("A matrix has at least one product."))
    if len(lines) > MOST_LINES:
        raise RuleViolation(_("A document has at most %(most)s lines.") % {"most": MOST_LINES})
    seen: set[int] = set()
    for place, line in enumerate(lines):
        if line.product.pk in seen:
            text = _("A product can be listed only once.")
            raise RuleViolation(text, field=f"line-{place}-product")
        seen.add(line.product.pk)
