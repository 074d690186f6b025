"""The acknowledgement sheet: who has read a version and who has not, for the screen and paper."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.http import HttpResponseBase
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from crm import papers
from crm.accounts.models import User
from crm.library import permissions
from crm.library.models import Acknowledgement, DocumentVersion
from crm.library.telling import audience_of, due_on, people_below
from crm.lists.export import file_response
from crm.tabular import About, Kind

PAPERS = Path(__file__).parent / "papers"


@dataclass(frozen=True)
class Line:
    """One person of the sheet."""

    person: User
    unit: str
    at: datetime | None
    due: date
    is_demanded: bool

    def is_late(self, today: date) -> bool:
        """Not acknowledged though the day has gone by."""
        return self.at is None and self.is_demanded and self.due < today


@dataclass(frozen=True)
class Sheet:
    """Of one version, as far as the person oversees those who stand on it."""

    version: DocumentVersion
    lines: list[Line]
    today: date

    @property
    def done(self) -> int:
        return sum(line.at is not None for line in self.lines)

    @property
    def missing(self) -> int:
        return len(self.lines) - self.done

    @property
    def late(self) -> int:
        return sum(line.is_late(self.today) for line in self.lines)


def sheet_of(version: DocumentVersion, user: User, today: date) -> Sheet:
    """Everybody to those who keep the document, the own people to heads."""
    read = dict(Acknowledgement.objects.filter(version=version).values_list("person", "at"))
    demanded = set(audience_of(version).values_list("pk", flat=True))
    people = User.objects.filter(pk__in=demanded | read.keys()).select_related("org_unit")
    if not permissions.can_keep(user, version.document):
        people = people.filter(people_below(user))
    lines = [
        Line(
            one,
            one.org_unit.name if one.org_unit else "",
            read.get(one.pk),
            due_on(version, one),
            one.pk in demanded,
        )
        for one in people.order_by("sort_key", "pk")
    ]
    return Sheet(version, lines, today)


def xlsx_of(sheet: Sheet) -> HttpResponseBase:
    """The sheet as a workbook."""
    header = [_("Person"), _("Position"), _("Unit"), _("Acknowledged at"), _("Due")]
    kinds = [Kind.TEXT, Kind.TEXT, Kind.TEXT, Kind.DATETIME, Kind.DATE]
    rows: Any = (
        [line.person.full_name, position(line.person), line.unit, line.at, line.due]
        for line in sheet.lines
    )
    title = f"{sheet.version.document.title}, {sheet.version}"
    return file_response("xlsx", _name(sheet), header, kinds, rows, About(title))


def pdf_of(sheet: Sheet) -> bytes:
    """The sheet for signatures by hand: what was acknowledged in the product is filled in."""
    return papers.typeset(PAPERS / "sheet.typ", values_of(sheet))


def values_of(sheet: Sheet) -> dict[str, Any]:
    """Everything that the paper says, in Russian."""
    with translation.override("ru"):
        version = sheet.version
        order_on = f"{version.order_on:%d.%m.%Y}" if version.order_on else ""
        return {
            "title": version.document.title,
            "kind": version.document.get_kind_display(),
            "version": str(version),
            "order": f"№ {version.order_no}, {order_on}" if version.order_no else "",
            "effective": f"{version.effective_from:%d.%m.%Y}",
            "digest": version.digest[:16],
            "made": f"{timezone.localtime():%d.%m.%Y %H:%M}",
            "lines": [_values(line) for line in sheet.lines],
        }


def _values(line: Line) -> dict[str, str]:
    at = f"{timezone.localtime(line.at):%d.%m.%Y %H:%M}" if line.at else ""
    return {"who": line.person.full_name, "position": position(line.person), "at": at}


def position(person: User) -> str:
    """The position, else the role."""
    return person.position or person.get_role_display()


def _name(sheet: Sheet) -> str:
    return f"acknowledgement-{sheet.version.document_id}-{sheet.version.number}"


def pdf_name(sheet: Sheet) -> str:
    """A name that every file system takes."""
    return f"{_name(sheet)}.pdf"
