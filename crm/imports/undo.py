"""Taking an import back: what it created goes, what it changed becomes what it was."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db import IntegrityError, connection, models, transaction
from django.utils.text import capfirst

from crm.errors import RuleViolation
from crm.imports.journal import Journal, Spans, ids_of
from crm.imports.models import ImportJob
from crm.imports.registry import ImportKind
from crm.said import gettext as _
from crm.said import said

VERSION = "version"


def take_back(kind: ImportKind, job: ImportJob) -> None:
    """Undo the whole import in the caller's transaction; raises RuleViolation with what forbids it.

    Nothing is undone when a row was edited since or something depends on it.
    """
    journal = Journal.load(job.journal)
    afterwards = kind.around_undo(journal)
    for label, spans in journal.created.items():
        _refuse_edited(_model(label), spans)
    for label, rows in journal.changed.items():
        _restore(_model(label), rows)
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
            for label, spans in journal.created.items():
                _delete(_model(label), spans)
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    except IntegrityError as error:
        raise RuleViolation(_who_depends(error)) from error
    afterwards()


def _model(label: str) -> type[models.Model]:
    return apps.get_model(label)


def _refuse_edited(model: type[models.Model], spans: Spans) -> None:
    """A created row of a later version was edited by somebody."""
    if VERSION not in {field.name for field in model._meta.fields}:
        return
    edited = model._base_manager.filter(pk__in=ids_of(spans)).exclude(**{VERSION: 1})
    first = edited.order_by("pk").first()
    if first is not None:
        raise RuleViolation(
            _("%(what)s “%(name)s” was changed after the import, so it cannot be undone.")
            % {"what": said(lambda: capfirst(str(model._meta.verbose_name))), "name": first}
        )


def _restore(model: type[models.Model], rows: dict[str, dict[str, Any]]) -> None:
    """Give changed rows their former values, unless somebody changed them since."""
    records = model._base_manager.select_for_update(of=("self",)).filter(pk__in=list(rows))
    for record in records.order_by("pk"):
        former = rows[str(record.pk)]
        if VERSION in former and getattr(record, VERSION) != former[VERSION] + 1:
            raise RuleViolation(
                _("%(what)s “%(name)s” was changed after the import, so it cannot be undone.")
                % {"what": said(lambda: capfirst(str(model._meta.verbose_name))), "name": record}
            )
        for name, value in former.items():
            if name != VERSION:
                field: Any = model._meta.get_field(name)
                setattr(record, field.attname, field.to_python(value))
        if VERSION in former:
            setattr(record, VERSION, former[VERSION] + 2)
        record.save(update_fields=list(former))


def _delete(model: type[models.Model], spans: Spans) -> None:
    table = connection.ops.quote_name(model._meta.db_table)
    first, last = [span[0] for span in spans], [span[1] for span in spans]
    with connection.cursor() as cursor:
        cursor.execute(
            f"DELETE FROM {table} t USING unnest(%s::bigint[], %s::bigint[]) AS span(a, b)"  # noqa: S608
            " WHERE t.id BETWEEN span.a AND span.b",
            [first, last],
        )


def _who_depends(error: IntegrityError) -> str:
    """Name the kind of rows that refer to an imported one."""
    name = getattr(getattr(error.__cause__, "diag", None), "table_name", "") or ""
    for model in apps.get_models():
        if model._meta.db_table == name:
            return _("It cannot be undone: what was imported is in use already (%(what)s).") % {
                "what": str(model._meta.verbose_name_plural)
            }
    return _("It cannot be undone: what was imported is in use already.")
