"""Forms of the upload and of the columns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.fields import WholeNumberField
from crm.imports import registry
from crm.imports.models import ImportJob
from crm.imports.options import OptionsForm

if TYPE_CHECKING:
    from crm.accounts.models import User

ACCEPTED = ".csv,.txt,.tsv,.xlsx,.xml,.gz"


class UploadForm(forms.Form):
    """A file and what it holds."""

    kind = forms.ChoiceField(label=gettext_lazy("What is in the file"), widget=forms.RadioSelect)
    file = forms.FileField(
        label=gettext_lazy("File"),
        allow_empty_file=True,  # refused with its reason by the reader
        widget=forms.ClearableFileInput(attrs={"accept": ACCEPTED, "class": "form-control"}),
    )

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        super().__init__(*args, **options)
        self.kinds = registry.open_to(user)
        field = self.fields["kind"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(kind.kind, kind.label) for kind in self.kinds]
        self.initial.setdefault("kind", self.kinds[0].kind)

    def clean_file(self) -> UploadedFile:
        """The size is that of the received bytes, not the one the browser announced."""
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > settings.IMPORT_MAX_BYTES:
            size = settings.IMPORT_MAX_BYTES // (1024 * 1024)
            raise forms.ValidationError(
                _("The file is larger than %(size)s MB. Divide it.") % {"size": size}
            )
        return file

    def new_values(self) -> dict[str, Any]:
        """Plain values for the action."""
        file: UploadedFile = self.cleaned_data["file"]
        return {
            "kind": self.cleaned_data["kind"],
            "file_name": file.name or "",
            "content": file.read(),
        }


class VersionForm(forms.Form):
    """The version of the import that the page showed."""

    version = WholeNumberField(widget=forms.HiddenInput)

    def new_values(self) -> dict[str, Any]:
        """Plain values for the action."""
        return {"version": self.cleaned_data["version"]}


class ColumnsForm(forms.Form):
    """What each column of the file means."""

    version = WholeNumberField(widget=forms.HiddenInput)

    def __init__(self, job: ImportJob, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, initial={"version": job.version})
        self.job, self.kind = job, registry.get(job.kind)
        chosen = {at: name for name, at in job.mapping.items()}
        choices = [("", _("— leave out —")), *((f.name, f.label) for f in self.kind.fields)]
        for at, name in enumerate(job.layout["header"]):
            self.fields[f"column_{at}"] = forms.ChoiceField(
                label=name or _("Column %(number)s") % {"number": at + 1},
                choices=choices,
                required=False,
                initial=chosen.get(at, ""),
            )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        seen: dict[str, str] = {}
        for name, value in list(data.items()):
            if name.startswith("column_") and value:
                if value in seen:
                    label = self.kind.field(value).label
                    self.add_error(name, _("“%(field)s” is chosen twice.") % {"field": label})
                seen.setdefault(value, name)
        return data

    def columns(self) -> list[tuple[forms.BoundField, list[str]]]:
        """Each column with samples of its values."""
        samples = self.job.layout["samples"]
        return [(self[f"column_{at}"], samples[at]) for at in range(len(samples))]

    def new_values(self) -> dict[str, Any]:
        """Plain values for the action."""
        mapping = {
            value: int(name.removeprefix("column_"))
            for name, value in self.cleaned_data.items()
            if name.startswith("column_") and value
        }
        return {"version": self.cleaned_data["version"], "columns": mapping}


__all__ = ["ColumnsForm", "OptionsForm", "UploadForm", "VersionForm"]
