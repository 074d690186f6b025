"""Entries of the catalogue of reports."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from crm.accounts.models import User
from crm.errors import RuleViolation, StaleVersion
from crm.history import verb
from reports.models import ReportDefinition
from reports.permissions import submissions as permissions


@transaction.atomic
def save_definition(
    definition_id: int | None, *, by: User, version: int, values: dict[str, Any]
) -> ReportDefinition:
    """Enter or change a report of the catalogue; what is due already keeps its day.

    Raises RuleViolation for a code that stands there already.
    """
    if not permissions.can_edit_catalogue(by):
        raise PermissionDenied
    row = ReportDefinition()
    if definition_id is not None:
        row = ReportDefinition.objects.select_for_update().get(pk=definition_id)
        if row.version != version:
            raise StaleVersion(of=row)
        row.version += 1
    for name, value in values.items():
        setattr(row, name, value)
    try:
        with verb("report.catalogue", by=by), transaction.atomic():
            if definition_id is None:
                row.save(force_insert=True)
            else:
                row.save(update_fields=[*values, "version"])
    except IntegrityError as error:
        text = _("Another report of the catalogue has this code.")
        raise RuleViolation(text, field="code") from error
    return row
