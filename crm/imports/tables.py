"""The list of imports."""

from collections.abc import Callable
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.imports import registry
from crm.imports.filters import ImportFilter
from crm.imports.models import ImportJob, ImportState
from crm.lists import Column, Kind, ListSpec
from crm.shell.templatetags.shell import status_chip

TONES: dict[str, str] = {
    ImportState.UPLOADED: "info",
    ImportState.PREVIEWED: "info",
    ImportState.CHECKING: "warning",
    ImportState.QUEUED: "warning",
    ImportState.RUNNING: "warning",
    ImportState.UNDOING: "warning",
    ImportState.APPLIED: "success",
    ImportState.FAILED: "danger",
}


def state_chip(job: ImportJob) -> SafeString:
    """The state in words."""
    return status_chip(job.get_state_display(), TONES.get(job.state, "neutral"))


def kind_label(job: ImportJob) -> str:
    """What the file holds."""
    return str(registry.get(job.kind).label)


def author_name(job: ImportJob) -> str:
    """Who imported; the command line has no name."""
    return job.author.short_name if job.author else _("command line")


def author_mark(job: ImportJob) -> SafeString:
    """The author on one line."""
    return format_html('<span class="text-nowrap">{}</span>', author_name(job))


def _count(name: str) -> Callable[[ImportJob], Any]:
    return lambda job: job.stats.get(name)


IMPORTS = ListSpec(
    name="imports",
    model=ImportJob,
    title=gettext_lazy("Imports"),
    columns=[
        Column("file_name", gettext_lazy("File"), link=True, sort="file_name"),
        Column(
            "kind", gettext_lazy("What"), kind=Kind.TEXT, value=kind_label, sort="kind",
            filter="kind", filter_value="kind",
        ),
        Column("state", gettext_lazy("State"), sort="state", filter="state", render=state_chip),
        Column("created_at", gettext_lazy("Uploaded"), sort="created_at"),
        Column(
            "author", gettext_lazy("By"), kind=Kind.TEXT, value=author_name, render=author_mark,
            sort="author__sort_key", filter="author", filter_value="author_id",
        ),
        Column("total", gettext_lazy("Rows"), sort="total", total=True),
        Column("created", gettext_lazy("Added"), kind=Kind.NUMBER, value=_count("created")),
        Column("updated", gettext_lazy("Changed"), kind=Kind.NUMBER, value=_count("updated")),
        Column("refused", gettext_lazy("Rejected"), kind=Kind.NUMBER, value=_count("refused")),
        Column("finished_at", gettext_lazy("Finished"), sort="finished_at"),
    ],
    default_sort="-created_at",
    default_columns=[
        "file_name", "kind", "state", "created_at", "author", "total", "created", "updated",
        "refused",
    ],
    filters=ImportFilter,
    search=lambda rows, text: rows.filter(file_name__icontains=text),
    search_hint=gettext_lazy("Name of the file"),
    page_template="imports/list.html",
    empty_template="imports/_none.html",
)  # fmt: skip
