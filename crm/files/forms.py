"""Forms of files: several at once, a new version, a reason."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.files import formats
from crm.files.models import AttachmentKind


class ManyFilesInput(forms.ClearableFileInput):
    """A file input that takes several files."""

    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """All files of one field; what is wrong with each, the action says."""

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:  # noqa: ARG002
        if not data:
            raise forms.ValidationError(_("Choose a file."))
        return list(data) if isinstance(data, list | tuple) else [data]


class AddFilesForm(forms.Form):
    """What the documents are, and the files."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Document type"),
        choices=AttachmentKind.choices,
        initial=AttachmentKind.OTHER,
    )
    file = ManyFilesField(
        label=gettext_lazy("Files"),
        widget=ManyFilesInput(attrs={"accept": formats.ACCEPTED}),
    )


class ReplaceForm(forms.Form):
    """The file that takes the place of another one."""

    file = forms.FileField(
        label=gettext_lazy("New version"),
        allow_empty_file=True,  # refused with its reason by the action
        max_length=None,
        widget=forms.ClearableFileInput(
            attrs={"accept": formats.ACCEPTED, "class": "form-control"}
        ),
    )

    def __init__(self, *args: Any, also: Collection[str] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["file"].widget.attrs["accept"] = formats.accepted(also)


class PutAsideForm(forms.Form):
    """Why the file is not wanted any more."""

    reason = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=300,
        widget=forms.TextInput(attrs={"class": "form-control"}),
    )
