"""The panel of files that any record shows, and what an upload answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from crm.accounts.models import User
from crm.errors import RuleViolation
from crm.files import actions, formats, registry
from crm.files.forms import AddFilesForm
from crm.files.models import Attachment
from crm.files.names import clean_name
from crm.files.registry import Owner
from crm.web import person_of
from crm.work.registry import setting

CHANGED = "files-changed"  # the panel reads itself anew on this event


@dataclass(frozen=True)
class Outcome:
    """What became of one uploaded file; `refusal` is empty for one that was kept."""

    name: str
    refusal: str = ""
    status: int = 200


@dataclass
class FilesPanel:
    """The files of one record for one person."""

    owner: Owner
    record: Any
    user: User
    form: AddFilesForm
    outcomes: list[Outcome] = field(default_factory=list)

    @property
    def accept(self) -> str:
        return formats.accepted(self.owner.also)

    @property
    def url(self) -> str:
        return reverse("files:panel", args=[self.owner.key, self.record.pk])

    @property
    def add_url(self) -> str:
        return reverse("files:add", args=[self.owner.key, self.record.pk])

    @cached_property
    def may_add(self) -> bool:
        return self.owner.may_add(self.user, self.record)

    @cached_property
    def _rows(self) -> list[Attachment]:
        kind = self.owner.key
        rows = Attachment.objects.visible_to(self.user, kind).of(kind, self.record.pk)
        return list(rows.newest().with_people())

    @property
    def files(self) -> list[Attachment]:
        """Newest versions of what is on the list."""
        return [file for file in self._rows if not file.is_put_aside]

    @property
    def aside(self) -> list[Attachment]:
        """What was put aside."""
        return [file for file in self._rows if file.is_put_aside]

    @property
    def limits(self) -> dict[str, Any]:
        """What the hint says."""
        return {"kinds": formats.names(self.owner.also), "size": setting("files.max_mb")}

    @property
    def status(self) -> int:
        """200 when every file was kept, else the first refusal's."""
        if self.form.errors:
            return 422
        return next((one.status for one in self.outcomes if one.refusal), 200)


def panel_of(request: HttpRequest, record: Model) -> FilesPanel:
    """The panel of a record that the person sees."""
    owner = registry.owner_of(record)
    form = AddFilesForm(auto_id="files_%s", initial={"kind": owner.kind_of(record)})
    return FilesPanel(owner, record, person_of(request), form)


def render_panel(request: HttpRequest, record: Model) -> HttpResponse:
    """The panel as a fragment: the body of a tab, or what `{% files_panel %}` loads."""
    return shown(request, panel_of(request, record))


def shown(request: HttpRequest, panel: FilesPanel) -> HttpResponse:
    """The panel in its state."""
    # A refusal by a quota is shown in the panel too, which htmx does with 422 only.
    status = 422 if panel.status != 200 else 200
    return render(request, "files/_panel.html", {"panel": panel}, status=status)


def add_all(panel: FilesPanel, kind: str, files: list[UploadedFile]) -> None:
    """Keep each file on its own: one refused does not take the others along."""
    most = setting("files.at_once")
    for file in files[most:]:
        text = _("At most %(most)s files are taken at once.") % {"most": most}
        panel.outcomes.append(Outcome(clean_name(file.name or ""), text, 422))
    for file in files[:most]:
        name = file.name or ""
        try:
            made = actions.add_file(
                panel.owner.key,
                panel.record.pk,
                by=panel.user,
                name=name,
                content=file.read(setting("files.max_mb") * actions.MB + 1),
                kind=kind,
            )
        except RuleViolation as refusal:
            panel.outcomes.append(Outcome(clean_name(name), str(refusal), refusal.status))
        else:
            panel.outcomes.append(Outcome(made.name))
