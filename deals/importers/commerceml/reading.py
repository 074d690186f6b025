"""CommerceML as content: entities and document types refused, sizes and depth limited.

The tree is never kept: each record (document, product, group, offer) is read when it closes and
thrown away, so memory does not grow with the file.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any, NamedTuple
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse
from django.utils.translation import gettext as _

from crm.imports.reading import Limits
from crm.imports.reading.table import Unreadable
from deals.importers.commerceml.content import Content
from deals.importers.commerceml.records import (
    name_of,
    read_group,
    read_item,
    read_paper,
    read_side,
)

ROOT = "КоммерческаяИнформация"
DEEPEST = 60
ITEM, ITEMS = "Товар", "Товары"
COUNTED = frozenset({"Документ", "Контрагент", "Товар", "Предложение", "Группа"})
ENCODINGS = {
    "utf-8": "utf-8-sig",
    "utf8": "utf-8-sig",
    "windows-1251": "cp1251",
    "cp1251": "cp1251",
    "win-1251": "cp1251",
    "cp866": "cp866",
}
_DECLARED = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9_.-]{1,40})["']""")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,200}\?>")
_BOM = b"\xef\xbb\xbf"


class _Step(NamedTuple):
    """An element, and whether its end begins or closes."""

    opens: bool
    element: Element
    name: str


def read_content(content: bytes, limits: Limits) -> Content:
    """All that the file holds; raises Unreadable with the reason, never anything else."""
    _refuse_by_size(content, limits)
    text, encoding = _decoded(content)
    found = Content(encoding=encoding)
    try:
        _walk(_steps(text), found, limits)
    except DefusedXmlException:
        raise Unreadable(
            _("The file declares a document type or entities; such XML is not read.")
        ) from None
    except (ParseError, ValueError, RecursionError, LookupError) as error:
        raise Unreadable(_broken(error)) from None
    return found


def _refuse_by_size(content: bytes, limits: Limits) -> None:
    if not content.strip():
        raise Unreadable(_("The file is empty."))
    if len(content) > limits.file_bytes:
        size = limits.file_bytes // (1024 * 1024)
        raise Unreadable(_("The file is larger than %(size)s MB. Divide it.") % {"size": size})
    if not content.removeprefix(_BOM).lstrip().startswith(b"<"):
        raise Unreadable(_("This is not CommerceML: there is no “%(root)s”.") % {"root": ROOT})


def _decoded(content: bytes) -> tuple[str, str]:
    """The text without its declaration; a wrong declaration of UTF-8 does not matter."""
    declared = _DECLARED.match(content.removeprefix(_BOM))
    name = declared[1].decode("ascii").lower() if declared else "utf-8"
    codec = "utf-8-sig" if content.startswith(_BOM) else ENCODINGS.get(name)
    if codec is None:
        raise Unreadable(_("The encoding “%(name)s” is not read.") % {"name": name})
    for attempt in (codec, "cp1251"):
        try:
            text = content.decode(attempt)
        except UnicodeDecodeError:
            continue
        shown = "UTF-8" if attempt == "utf-8-sig" else attempt.replace("cp1251", "windows-1251")
        return _DECLARATION.sub("", text, count=1), shown
    raise Unreadable(_("The text of the file cannot be decoded."))


def _broken(error: Exception) -> str:
    line = getattr(error, "position", (0, 0))[0]
    if line:
        return _("The XML is broken in line %(line)s.") % {"line": line}
    return _("The XML is broken.")


def _steps(text: str) -> Iterator[_Step]:
    source = BytesIO(text.encode("utf-8"))
    events = iterparse(
        source, ("start", "end"), forbid_dtd=True, forbid_entities=True, forbid_external=True
    )
    for event, element in events:
        yield _Step(event == "start", element, name_of(element))


class _Walk:
    """Where the reader stands in the file."""

    def __init__(self, found: Content, limits: Limits) -> None:
        self.found = found
        self.limits = limits
        self.path: list[Element] = []
        self.names: list[str] = []
        self.record = 0  # depth of the record that is being read, 0 outside

    def open(self, step: _Step) -> None:
        """An element begins; only its attributes are known yet."""
        if not self.path:
            self._begin(step)
        inside = self.names[-1] if self.names else ""
        self.path.append(step.element)
        self.names.append(step.name)
        if len(self.path) > DEEPEST:
            raise Unreadable(_("The file is nested too deeply."))
        if step.name in COUNTED:
            self.found.counts[step.name] += 1
        # Goods are a record in the catalogue only: elsewhere they are lines of their document.
        if not self.record and step.name in READERS and (step.name != ITEM or inside == ITEMS):
            self.record = len(self.path)

    def _begin(self, step: _Step) -> None:
        if step.name != ROOT:
            raise Unreadable(_("This is not CommerceML: there is no “%(root)s”.") % {"root": ROOT})
        self.found.version = step.element.get("ВерсияСхемы", "")[:20] or "?"
        self.found.formed = step.element.get("ДатаФормирования", "")[:30]

    def close(self, step: _Step) -> None:
        """An element ends: a record is read, and nothing outside of records is kept."""
        depth = len(self.path)
        self.path.pop()
        self.names.pop()
        if self.record and depth > self.record:
            return
        if self.record:
            self.record = 0
            READERS[step.name](step.element, self.found)
            self._limit()
        if self.path:
            self.path[-1].remove(step.element)

    def _limit(self) -> None:
        if self.found.records > self.limits.rows or self.found.lines > self.limits.rows * 5:
            raise Unreadable(
                _("The file has more than %(rows)s rows. Divide it.") % {"rows": self.limits.rows}
            )


READERS: dict[str, Callable[[Element, Content], Any]] = {
    "Документ": read_paper,
    "Контрагент": read_side,
    "Группа": read_group,
    "Товар": read_item,
    "Предложение": lambda element, found: None,
}


def _walk(steps: Iterator[_Step], found: Content, limits: Limits) -> None:
    walk = _Walk(found, limits)
    for step in steps:
        if step.opens:
            walk.open(step)
        else:
            walk.close(step)
