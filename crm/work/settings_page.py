"""What the screen of settings shows: sections, search, and where a saved row leads back to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit

from django.http import HttpRequest, QueryDict
from django.urls import reverse

from crm.russian import YE, YO
from crm.work.querysets import SettingLine, setting_lines

if TYPE_CHECKING:
    from crm.accounts.models import User

LONGEST_SEARCH = 100


@dataclass(frozen=True)
class Asked:
    """The section and the words of the address; both may be empty."""

    section: str = ""
    words: str = ""

    @classmethod
    def of(cls, request: HttpRequest) -> Asked:
        """From the address or the form; a fragment asks for the page it stands on."""
        seen = getattr(request, "htmx", None)
        page = seen.current_url if seen else ""
        at = QueryDict(urlsplit(page or "").query)
        sent = request.POST if request.method == "POST" else request.GET
        return cls(*(_first(sent, at, name) for name in ("section", "q")))

    def url(self, section: str) -> str:
        """The address of a section with the same search."""
        named = {"section": section, "q": self.words}
        query = urlencode({name: value for name, value in named.items() if value})
        return reverse("work:setting_list") + (f"?{query}" if query else "")

    @property
    def query(self) -> str:
        """Section and words for the address of a form that leads back here."""
        return urlencode({"section": self.section, "q": self.words})

    @property
    def back(self) -> str:
        """The list as it was."""
        return self.url(self.section)


def _first(sent: QueryDict, at: QueryDict, name: str) -> str:
    value = str(sent[name] if name in sent else at.get(name, ""))
    return value.replace("\x00", "").strip()[:LONGEST_SEARCH]


@dataclass(frozen=True)
class Section:
    """Settings that stand together; its key is that of its first setting, in any language."""

    key: str
    title: str
    lines: list[SettingLine]
    url: str


@dataclass(frozen=True)
class SettingsPage:
    """The sections to jump to with what the search finds in each, and those that are drawn."""

    asked: Asked
    sections: list[Section]
    found: int

    @property
    def open(self) -> list[Section]:
        """One section; all that have something when words are asked for without a section."""
        chosen = [one for one in self.sections if one.key == self.asked.section]
        return chosen or (self.sections if self.asked.words else self.sections[:1])

    @property
    def everywhere(self) -> str:
        """The address of what is found in all sections."""
        return self.asked.url("")

    @property
    def shown(self) -> str:
        """Key of the one section that is drawn, or nothing."""
        return self.open[0].key if len(self.open) == 1 and not self.is_search_everywhere else ""

    @property
    def is_search_everywhere(self) -> bool:
        """Whether every section with something found is drawn."""
        keys = {one.key for one in self.sections}
        return bool(self.asked.words) and self.asked.section not in keys


def settings_page(user: User, asked: Asked) -> SettingsPage:
    """The screen of one person; two queries however many settings there are."""
    groups: dict[str, list[SettingLine]] = {}
    for line in setting_lines(user):
        groups.setdefault(str(line.declared.group), []).append(line)
    words = _folded(asked.words).split()
    sections = []
    for title, lines in sorted(groups.items(), key=lambda group: _folded(group[0])):
        found = [line for line in lines if _has(line, title, words)]
        key = lines[0].declared.key
        if found:
            sections.append(Section(key, title, found, asked.url(key)))
    return SettingsPage(asked, sections, sum(len(one.lines) for one in sections))


def _has(line: SettingLine, title: str, words: list[str]) -> bool:
    """Whether every word stands in the name, the explanation, the key or the section."""
    declared = line.declared
    text = _folded(f"{declared.label} {declared.help} {declared.key} {title}")
    return all(word in text for word in words)


def _folded(text: str) -> str:
    return text.casefold().replace(YO, YE)
