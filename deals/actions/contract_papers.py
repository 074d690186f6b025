"""Templates of contracts, and drafts kept among the files of a contract."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from crm.accounts.models import User
from crm.errors import RuleViolation
from crm.files.actions import add_file
from crm.files.models import Attachment, AttachmentKind
from crm.history import verb
from deals import permissions
from deals.models import Contract, ContractTemplate
from deals.papers.contract import docx_of


@transaction.atomic
def add_template(*, by: User, name: str, kind: str) -> ContractTemplate:
    """A text that contracts of the kind are made from; its DOCX is uploaded to its files."""
    if not permissions.can_manage_templates(by):
        raise PermissionDenied
    try:
        with verb("template.added", by=by), transaction.atomic():
            return ContractTemplate.objects.create(name=name, kind=kind, created_by=by)
    except IntegrityError as clash:
        if "template_named_once" not in str(clash):
            raise
        raise RuleViolation(_("There is a template with this name."), field="name") from clash


@transaction.atomic
def archive_template(template_id: int, *, by: User, now: datetime) -> None:
    """Contracts are not made from it any more."""
    template = ContractTemplate.objects.select_for_update().get(pk=template_id)
    if not permissions.can_change_template(by, template):
        raise PermissionDenied
    template.archived_at, template.version = now, template.version + 1
    with verb("template.archived", by=by):
        template.save(update_fields=["archived_at", "version"])


def keep_draft(contract_id: int, *, by: User) -> Attachment:
    """Write the contract by its template and keep it among its files; once if nothing changed.

    Who may, its files say. Raises RuleViolation where the template cannot be filled in.
    """
    rows = Contract.objects.visible_to(by)
    contract = rows.select_related("client", "counterparty", "parent").get(pk=contract_id)
    return add_file(
        "contract",
        contract.pk,
        by=by,
        name=f"{contract.number.replace('/', '-')}.docx",
        content=docx_of(contract),
        kind=AttachmentKind.CONTRACT,
    )
