"""One entrance for every file: extension, first bytes and content must agree (G-IO4).

What the browser says about the type is not even read. The content is parsed in a process of its
own under limits. Pictures are written anew from their pixels, so that nothing else of them is kept.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path
from zipfile import ZipInfo

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.files import formats
from crm.files.formats import Format
from crm.files.names import clean_name, is_disguised, suffix_of
from crm.imports.reading import Limits, Unreadable
from crm.imports.reading.child import OutOfLimits, run_child
from crm.imports.reading.workbook import check_package

CHILD = Path(__file__).with_name("parse_child.py")
MAIN_PARTS = {"xlsx": "xl/workbook.xml", "docx": "word/document.xml"}
REASONS = {
    "broken": gettext_lazy("The file is damaged or is not what its name says."),
    "password": gettext_lazy("The file is protected by a password. Save it without one."),
    "pixels": gettext_lazy("The picture has too many pixels. Make it smaller."),
    "script": gettext_lazy(
        "The document holds a script or starts something by itself. Print it to PDF again."
    ),
    "embedded": gettext_lazy("The document has other files inside. Upload them one by one."),
    "macros": gettext_lazy("The document holds macros. Save it without them."),
    "remote": gettext_lazy("The document loads something from another place when it is opened."),
    "formulas": gettext_lazy("The table holds formulas that do something. Save it as values."),
    "packing": gettext_lazy("The file is not packed as an office program does it. Save it again."),
}


@dataclass(frozen=True)
class FileLimits:
    """How much one file may be and how much its parsing may take."""

    file_bytes: int = 20 * 1024 * 1024
    pixels: int = 60_000_000
    seconds: int = 40
    memory_bytes: int = 1536 * 1024 * 1024
    package: Limits = field(default_factory=Limits)


@dataclass(frozen=True)
class CheckedFile:
    """A file that may be kept: its safe name, format and the bytes to keep."""

    name: str
    format: Format
    content: bytes


def check_file(
    name: str, content: bytes, limits: FileLimits, also: Collection[str] = ()
) -> CheckedFile:
    """The file as it may be kept, `also` of other formats; raises Unreadable with the reason."""
    name = clean_name(name)
    found = _format_of(name, content, also)
    _check_size(content, limits)
    if found.key in MAIN_PARTS:
        check_package(content, limits.package, lambda parts: _check_parts(parts, found))
    return CheckedFile(name, found, _parsed(content, found, limits))


def typeset_file(name: str, content: bytes, limits: FileLimits) -> CheckedFile:
    """A PDF that the product has just typeset from text: nobody else has had it in hand, so that
    no child has to read it; raises Unreadable for anything but a PDF."""
    name = clean_name(name)
    found = _format_of(name, content, ())
    _check_size(content, limits)
    if found.key != "pdf":
        raise Unreadable(str(REASONS["broken"]))
    return CheckedFile(name, found, content)


def _check_size(content: bytes, limits: FileLimits) -> None:
    if len(content) > limits.file_bytes:
        size = limits.file_bytes // (1024 * 1024)
        raise Unreadable(_("The file is larger than %(size)s MB.") % {"size": size})


def _format_of(name: str, content: bytes, also: Collection[str]) -> Format:
    """The format by extension, and the same by the first bytes."""
    found = formats.BY_SUFFIX.get(suffix_of(name))
    if found not in formats.taken(also) or is_disguised(name):
        text = _("Files of this kind are not taken. Taken are %(kinds)s.")
        raise Unreadable(text % {"kinds": formats.names(also)})
    if not content:
        raise Unreadable(_("The file is empty."))
    if not content.startswith(found.magic):
        raise Unreadable(str(REASONS["broken"]))
    return found


def _check_parts(parts: list[ZipInfo], found: Format) -> None:
    """By the names of the parts: the document that the extension says, without programs."""
    names = {part.filename.casefold() for part in parts}
    if MAIN_PARTS[found.key] not in names:
        raise Unreadable(str(REASONS["broken"]))
    if any("vbaproject" in name or "/macrosheets/" in name for name in names):
        raise Unreadable(str(REASONS["macros"]))


def _parsed(content: bytes, found: Format, limits: FileLimits) -> bytes:
    """What the child makes of it: pictures anew, documents as they came."""
    try:
        status, output = run_child(
            CHILD,
            *(found.key, limits.pixels),
            content=content,
            seconds=limits.seconds,
            memory_bytes=limits.memory_bytes,
        )
    except OutOfLimits:
        raise Unreadable(_("The file takes too much time or memory to be read.")) from None
    if status:
        raise Unreadable(str(REASONS["broken"]))
    head, _line, made = output.partition(b"\n")
    refusal = json.loads(head)["refused"]
    if refusal:
        raise Unreadable(str(REASONS[refusal]))
    return made or content
