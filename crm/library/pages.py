"""What the pages of the library show to one person."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import groupby

from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from crm.accounts.models import OrgUnit, Role, User
from crm.library import permissions
from crm.library.models import (
    Acknowledgement,
    CapabilityScreen,
    DocumentVersion,
    Duty,
    PolicyDocument,
)
from crm.library.rendering import render_text
from crm.library.screens import address_of, may_open
from crm.library.telling import due_on
from crm.shell.templatetags.shell import status_chip

LINKS = ("links__capability__screens",)


@dataclass(frozen=True)
class Screen:
    """A screen of a duty; without an address it is not built yet."""

    label: str
    url: str
    is_open: bool  # for whoever reads


@dataclass(frozen=True)
class ServedDuty:
    """A duty with what serves it."""

    duty: Duty
    screens: list[Screen]
    capabilities: list[str]
    outside: str

    @property
    def state(self) -> str:
        """served, planned (its screens are not built yet), outside or none."""
        if any(screen.url for screen in self.screens):
            return "served"
        if self.outside:
            return "outside"
        return "planned" if self.capabilities else "none"

    @property
    def there(self) -> list[Screen]:
        """Screens that are built."""
        return [screen for screen in self.screens if screen.url]

    @property
    def planned(self) -> list[Screen]:
        """Screens that are not built yet."""
        return [screen for screen in self.screens if not screen.url]


def screen_of(one: CapabilityScreen, reader: User) -> Screen:
    """The screen as the reader has it."""
    url = address_of(one.url_name)
    return Screen(one.label, url, bool(url) and may_open(reader, one.url_name))


def served(duties: Iterable[Duty], reader: User) -> list[ServedDuty]:
    """Duties, read with LINKS, and what serves them."""
    return [_served(duty, reader) for duty in duties]


def _served(duty: Duty, reader: User) -> ServedDuty:
    links = list(duty.links.all())
    capabilities = [link.capability for link in links if link.capability is not None]
    screens = {
        one.url_name: screen_of(one, reader)
        for capability in capabilities
        for one in capability.screens.all()
    }
    outside = next((link.outside_reason for link in links if link.outside_reason), "")
    return ServedDuty(duty, list(screens.values()), [one.code for one in capabilities], outside)


class VersionPage:
    """One version of a document for one person."""

    def __init__(
        self, document: PolicyDocument, shown: DocumentVersion | None, user: User, today: date
    ) -> None:
        self.document, self.shown, self.user, self.today = document, shown, user, today

    @cached_property
    def current(self) -> DocumentVersion | None:
        """The version in force."""
        rows = self.document.versions.in_force(self.today)
        return rows.first()  # type: ignore[no-any-return]

    @property
    def is_current(self) -> bool:
        return self.shown is not None and self.shown == self.current

    @property
    def chip(self) -> str:
        """The state of what is shown."""
        if self.document.withdrawn_on is not None:
            return status_chip(_("Withdrawn"), "neutral")
        if self.is_current:
            return status_chip(_("In force"), "success")
        if self.shown is None or self.shown.is_draft:
            return status_chip(_("Draft"), "info")
        if self.shown.effective_from > self.today:
            return status_chip(_("Not in force yet"), "info")
        return status_chip(_("Former version"), "neutral")

    @cached_property
    def draft(self) -> DocumentVersion | None:
        """What is being written, to those who keep the document."""
        rows = self.document.versions.filter(state="draft") if self.may_keep else None
        return rows.first() if rows is not None else None

    @cached_property
    def may_keep(self) -> bool:
        return permissions.can_keep(self.user, self.document)

    @property
    def may_write(self) -> bool:
        return self.may_keep and self.document.withdrawn_on is None

    @cached_property
    def may_see_sheet(self) -> bool:
        published = self.shown is not None and not self.shown.is_draft
        return published and permissions.can_see_sheet(self.user, self.document)

    @property
    def may_map(self) -> bool:
        return permissions.can_map(self.user)

    @cached_property
    def versions(self) -> list[DocumentVersion]:
        """Published versions, the newest first."""
        return list(self.document.versions.published().select_related("published_by"))

    @cached_property
    def own(self) -> Acknowledgement | None:
        """The person's acknowledgement of what is shown."""
        rows = Acknowledgement.objects.filter(version=self.shown, person=self.user)
        return rows.first() if self.shown is not None else None  # type: ignore[no-any-return]

    @cached_property
    def is_waiting(self) -> bool:
        """The person has to acknowledge what is shown."""
        if not self.is_current or self.shown is None:
            return False
        rows = DocumentVersion.objects.filter(pk=self.shown.pk)
        return rows.waiting_for(self.user, self.today).exists()  # type: ignore[no-any-return]

    @property
    def due(self) -> date | None:
        """By when."""
        return due_on(self.shown, self.user) if self.shown else None

    @property
    def is_late(self) -> bool:
        return self.due is not None and self.due < self.today

    @property
    def text(self) -> SafeString:
        """What it says, without markup of its own."""
        return render_text(self.shown.text if self.shown else "")

    @cached_property
    def sections(self) -> list[tuple[str, list[ServedDuty]]]:
        """Duties of a job description under their headings."""
        if self.shown is None or not self.document.is_job_description:
            return []
        duties = served(self.shown.duties.prefetch_related(*LINKS), self.user)
        groups = groupby(duties, key=lambda one: one.duty.section)
        return [(title, list(rows)) for title, rows in groups]

    @property
    def audience(self) -> str:
        """Who has to acknowledge it, in words."""
        if self.shown is None or not self.shown.must_acknowledge:
            return _("Nobody has to acknowledge it")
        roles = [str(Role(role).label) for role in self.shown.roles]
        found = OrgUnit.objects.filter(pk__in=self.shown.audience_units.values("unit"))
        words = ", ".join(roles) if roles else _("Everybody")
        units = ", ".join(found.order_by("path").values_list("name", flat=True))
        return f"{words} · {units}" if units else words


@dataclass(frozen=True)
class Waiting:
    """A document that waits for the person's acknowledgement."""

    version: DocumentVersion
    due: date
    is_late: bool


class OwnPanel:
    """What the person has to acknowledge, a part of home pages."""

    def __init__(self, user: User, today: date) -> None:
        self.user, self.today = user, today

    @cached_property
    def rows(self) -> list[Waiting]:
        found = DocumentVersion.objects.waiting_for(self.user, self.today)
        dated = [(one, due_on(one, self.user)) for one in found.select_related("document")]
        rows = [Waiting(one, due, due < self.today) for one, due in dated]
        return sorted(rows, key=lambda row: (row.due, row.version.document.title))


def count_waiting(user: User) -> int:
    """How many documents wait for the person, the number in the rail."""
    today = timezone.localdate()
    return DocumentVersion.objects.waiting_for(user, today).count()  # type: ignore[no-any-return]


@dataclass(frozen=True)
class Review:
    """Duties in force by what serves them."""

    rows: list[ServedDuty]
    counts: dict[str, int]


def review_of(state: str, today: date, reader: User) -> Review:
    """Duties of one state («none» first of all must be empty), and how many there are of each."""
    duties = Duty.objects.in_force(today).select_related("version__document")
    duties = duties.order_by("version__document__title", "position").prefetch_related(*LINKS)
    found = served(duties, reader)
    counts = dict.fromkeys(("none", "planned", "served", "outside"), 0)
    for one in found:
        counts[one.state] += 1
    return Review([one for one in found if one.state == state], counts)
