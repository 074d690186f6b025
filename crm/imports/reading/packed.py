"""GZIP: unpacked in pieces and counted meanwhile, so that a bomb is refused while it is small."""

from __future__ import annotations

import io
import zlib

from django.utils.translation import gettext as _

from crm.imports.reading.table import Limits, Unreadable

GZIP = b"\x1f\x8b"
PIECE = 1024 * 1024
SMALL = 1024 * 1024  # unpacked below it may be packed as tightly as it likes
_GZIP_WINDOW = 31  # of zlib: expect the header of GZIP


def unpack(content: bytes, limits: Limits) -> bytes:
    """The text in a GZIP file; raises Unreadable when it is damaged, too large or too tight."""
    found = io.BytesIO()
    rest = content
    while rest:
        stream = zlib.decompressobj(wbits=_GZIP_WINDOW)
        try:
            _unpack_member(stream, rest, found, len(content), limits)
        except zlib.error:
            raise _broken() from None
        if not stream.eof:
            raise _broken()
        rest = stream.unused_data.lstrip(b"\x00")  # a tape pads with zeros
    return found.getvalue()


def _unpack_member(
    stream: zlib._Decompress, packed: bytes, found: io.BytesIO, size: int, limits: Limits
) -> None:
    piece = stream.decompress(packed, PIECE)
    while piece:
        found.write(piece)
        total = found.tell()
        if total > limits.unpacked_bytes:
            raise Unreadable(_("The file is too large when unpacked. Divide it."))
        if total > max(SMALL, size * limits.ratio):
            raise Unreadable(_("The file is packed suspiciously tightly and is not opened."))
        piece = stream.decompress(stream.unconsumed_tail, PIECE)


def _broken() -> Unreadable:
    return Unreadable(_("The packed file is damaged. Pack it again."))
