"""What the page of an import shows in each of its states."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from crm.accounts.models import User
from crm.imports import permissions, registry
from crm.imports.forms import ColumnsForm, OptionsForm, VersionForm
from crm.imports.models import ImportJob, ImportRow, ImportState
from crm.imports.options import default_options
from crm.imports.registry import ImportKind
from crm.imports.tables import TONES

SHOWN_ROWS = 50


@dataclass
class ImportPage:
    """One import for one person."""

    job: ImportJob
    user: User
    now: datetime
    columns: ColumnsForm | None = None  # bound, when it was refused
    options: OptionsForm | None = None
    refusal: str = ""
    wants_columns: bool = False

    @property
    def kind(self) -> ImportKind:
        return registry.get(self.job.kind)

    @property
    def tone(self) -> str:
        return TONES.get(self.job.state, "neutral")

    @property
    def shows_columns(self) -> bool:
        """The columns are to be confirmed, or are being changed after the check."""
        states = {ImportState.UPLOADED, ImportState.FAILED}
        again = self.wants_columns and self.job.state == ImportState.PREVIEWED
        return (self.job.state in states or again) and bool(self.job.layout)

    @property
    def asks_nothing(self) -> bool:
        """Neither the columns of the file nor anything about the whole of it is a question."""
        return self.kind.fixed_columns and not self.options_form.fields

    @cached_property
    def columns_form(self) -> ColumnsForm:
        return self.columns or ColumnsForm(self.job)

    @cached_property
    def options_form(self) -> OptionsForm:
        """The options as they were chosen, the usual ones at first."""
        if self.options is not None:
            return self.options
        initial = {**default_options(self.kind, self.user), **self.job.options}
        form = OptionsForm(self.kind, self.user, initial=initial)
        self.kind.adapt_options(form, self.job)
        return form

    @property
    def version_form(self) -> VersionForm:
        return VersionForm(initial={"version": self.job.version})

    @property
    def may_cancel(self) -> bool:
        return permissions.can_cancel(self.user, self.job)

    @property
    def may_undo(self) -> bool:
        return permissions.can_undo(self.user, self.job, self.now)

    @property
    def undo_until(self) -> datetime:
        return permissions.undo_until(self.job)

    @cached_property
    def same_file(self) -> ImportJob | None:
        """An earlier import of the very same content that is in effect."""
        rows = ImportJob.objects.applied_before(self.job.sha256, self.job.kind)
        found: ImportJob | None = rows.exclude(pk=self.job.pk).order_by("-created_at").first()
        return found

    @property
    def read_as(self) -> str:
        """How the file was read, in words."""
        layout = self.job.layout
        parts = []
        if layout.get("sheet"):
            parts.append(_("sheet “%(name)s”") % {"name": layout["sheet"]})
        if layout.get("encoding"):
            parts.append(_("encoding %(name)s") % {"name": layout["encoding"].upper()})
        if layout.get("separator"):
            name = layout["separator"]
            mark = _("tabs") if name == "\t" else f"«{name}»"
            parts.append(_("separated by %(name)s") % {"name": mark})
        if layout.get("header_row"):
            parts.append(_("names of columns in row %(row)s") % {"row": layout["header_row"]})
        return ", ".join(parts)

    @property
    def counts(self) -> list[tuple[str, int, str]]:
        """Words, number and tone of the four fates."""
        stats = self.job.stats
        if self.job.state == ImportState.ROLLED_BACK:
            created, updated = _("added and taken out again"), _("changed and changed back")
        elif self.job.state == ImportState.APPLIED:
            created, updated = _("added"), _("changed")
        else:
            created, updated = _("to be added"), _("to be changed")
        return [
            (created, stats.get("created", 0), "success"),
            (updated, stats.get("updated", 0), "info"),
            (_("unchanged"), stats.get("unchanged", 0), "neutral"),
            (_("rejected"), stats.get("refused", 0), "danger"),
        ]

    @property
    def facts(self) -> list[tuple[str, int]]:
        """Further counts of the kind that are not nought, e.g. units added."""
        facts: dict[str, int] = self.job.stats.get("facts", {})
        labels = self.kind.fact_labels
        return [(str(label), facts[name]) for name, label in labels.items() if facts.get(name)]

    @property
    def writes_something(self) -> bool:
        stats = self.job.stats
        facts = stats.get("facts", {})
        further = any(facts.get(name) for name in self.kind.worth_writing)
        return bool(stats.get("created") or stats.get("updated") or further)

    @cached_property
    def refused(self) -> list[ImportRow]:
        rows = ImportRow.objects.visible_to(self.user).filter(job=self.job)
        return list(rows.refused()[:SHOWN_ROWS])

    @cached_property
    def doubtful(self) -> list[ImportRow]:
        rows = ImportRow.objects.visible_to(self.user).filter(job=self.job)
        return list(rows.doubtful()[:SHOWN_ROWS])

    @property
    def elapsed(self) -> timedelta | None:
        """How long the work goes on, or took."""
        if self.job.started_at is None:
            return None
        end = self.now if self.job.is_waiting else self.job.finished_at or self.now
        return max(timedelta(0), end - self.job.started_at)

    @property
    def links(self) -> list[tuple[str, str]]:
        return self.kind.links(self.user) if self.job.state == ImportState.APPLIED else []

    @property
    def waiting(self) -> list[tuple[str, int, str]]:
        """What is left for a person to do now, with how many and where."""
        if self.job.state != ImportState.APPLIED:
            return []
        return [line for line in self.kind.waiting(self.user) if line[1]]

    @property
    def sample(self) -> list[dict[str, Any]]:
        return list(self.job.preview)
