"""Which files are taken (G-IO4): nothing that is not on this list."""

from __future__ import annotations

from dataclasses import dataclass

ZIP = b"PK\x03\x04"


@dataclass(frozen=True)
class Format:
    """A kind of file: its extensions, its first bytes and the type it is sent with."""

    key: str
    suffixes: tuple[str, ...]
    magic: bytes
    content_type: str


_OFFICE = "application/vnd.openxmlformats-officedocument."
FORMATS = (
    Format("pdf", ("pdf",), b"%PDF-", "application/pdf"),
    Format("jpg", ("jpg", "jpeg"), b"\xff\xd8\xff", "image/jpeg"),
    Format("png", ("png",), b"\x89PNG\r\n\x1a\n", "image/png"),
    Format("xlsx", ("xlsx",), ZIP, f"{_OFFICE}spreadsheetml.sheet"),
    Format("docx", ("docx",), ZIP, f"{_OFFICE}wordprocessingml.document"),
)
BY_KEY = {one.key: one for one in FORMATS}
BY_SUFFIX = {suffix: one for one in FORMATS for suffix in one.suffixes}
ACCEPTED = ",".join(f".{suffix}" for suffix in BY_SUFFIX)
NAMES = ", ".join(one.key.upper() for one in FORMATS)
