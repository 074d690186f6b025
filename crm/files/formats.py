"""Which files are taken (G-IO4): nothing that is not on this list."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

ZIP = b"PK\x03\x04"


@dataclass(frozen=True)
class Format:
    """A kind of file: its extensions, its first bytes and the type it is sent with.

    One that is not usual is taken only with records that are declared with it.
    """

    key: str
    suffixes: tuple[str, ...]
    magic: bytes
    content_type: str
    is_usual: bool = True


_OFFICE = "application/vnd.openxmlformats-officedocument."
FORMATS = (
    Format("pdf", ("pdf",), b"%PDF-", "application/pdf"),
    Format("jpg", ("jpg", "jpeg"), b"\xff\xd8\xff", "image/jpeg"),
    Format("png", ("png",), b"\x89PNG\r\n\x1a\n", "image/png"),
    Format("xlsx", ("xlsx",), ZIP, f"{_OFFICE}spreadsheetml.sheet"),
    Format("docx", ("docx",), ZIP, f"{_OFFICE}wordprocessingml.document"),
    Format("csv", ("csv", "txt"), b"", "text/csv", is_usual=False),
)
BY_KEY = {one.key: one for one in FORMATS}
BY_SUFFIX = {suffix: one for one in FORMATS for suffix in one.suffixes}


def taken(also: Collection[str] = ()) -> list[Format]:
    """The usual ones, and those that a kind of record takes beside them."""
    return [one for one in FORMATS if one.is_usual or one.key in also]


def accepted(also: Collection[str] = ()) -> str:
    """Their extensions for a file input."""
    return ",".join(f".{suffix}" for one in taken(also) for suffix in one.suffixes)


def names(also: Collection[str] = ()) -> str:
    """Their names for a hint."""
    return ", ".join(one.key.upper() for one in taken(also))


ACCEPTED = accepted()
