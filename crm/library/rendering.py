"""Plain text with a few marks shown safely: headings, lists, bold, paragraphs.

`# Heading`, `## Smaller`, `- point`, `1. point`, `**bold**`; an empty line ends a paragraph.
Everything is escaped first, so no text can bring markup or scripts with it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

_HEADING = re.compile(r"(#{1,3})\s+(.*)")
_POINT = re.compile(r"[-*•]\s+(.*)")
_NUMBERED = re.compile(r"(\d{1,3})[.)]\s+(.*)")
_BOLD = re.compile(r"\*\*(\S(?:.*?\S)?)\*\*")


def render_text(text: str) -> SafeString:
    """The text as HTML; its own signs of markup are shown as they are."""
    lines = [line.strip() for line in text.split("\n")]
    blocks = groupby(lines, key=_kind)
    return mark_safe("".join(html for kind, rows in blocks for html in _block(kind, list(rows))))


def _kind(line: str) -> str:
    if not line:
        return ""
    if _HEADING.fullmatch(line):
        return "h"
    if _POINT.fullmatch(line):
        return "ul"
    return "ol" if _NUMBERED.fullmatch(line) else "p"


def _block(kind: str, rows: list[str]) -> Iterator[str]:
    if kind == "h":
        yield from (_heading(row) for row in rows)
    elif kind == "ul":
        yield "<ul>" + "".join(f"<li>{_inline(_words(_POINT, row, 1))}</li>" for row in rows)
        yield "</ul>"
    elif kind == "ol":
        yield "<ol>" + "".join(_numbered(row) for row in rows) + "</ol>"
    elif kind == "p":
        yield f"<p>{'<br>'.join(_inline(row) for row in rows)}</p>"


def _heading(row: str) -> str:
    found = _HEADING.fullmatch(row)
    # The page's own heading is the first, its cards have the second.
    level = len(found[1]) + 2 if found else 3
    return f"<h{level}>{_inline(_words(_HEADING, row, 2))}</h{level}>"


def _numbered(row: str) -> str:
    found = _NUMBERED.fullmatch(row)
    return f'<li value="{found[1] if found else 1}">{_inline(_words(_NUMBERED, row, 2))}</li>'


def _words(pattern: re.Pattern[str], row: str, group: int) -> str:
    found = pattern.fullmatch(row)
    return found[group] if found else row


def _inline(text: str) -> str:
    return _BOLD.sub(r"<strong>\1</strong>", str(escape(text)))
