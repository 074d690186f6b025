"""Text out of e-mail: encodings that are named wrongly, broken headers, HTML without its markup."""

from __future__ import annotations

import re
import unicodedata
from base64 import b64decode
from binascii import Error as NotBase64
from html.parser import HTMLParser
from quopri import decodestring
from typing import Any

# Programs name these for whatever they send.
VAGUE = frozenset({"", "us-ascii", "ascii", "iso-8859-1", "latin-1", "unknown-8bit", "x-unknown"})
RUSSIAN = ("cp1251", "koi8-r", "cp866", "iso-8859-5")
_WORD = re.compile(r"=\?([^?\s]+)\?([bBqQ])\?([^?]*)\?=")
_FREQUENT = frozenset("оеаинтсрвлкмдпу")
SILENT = frozenset({"script", "style", "head", "title", "template"})
BLOCKS = frozenset(
    [
        *("p", "div", "br", "tr", "li", "ul", "ol", "table", "blockquote", "hr", "pre"),
        *("h1", "h2", "h3", "h4", "h5", "h6", "section", "article", "header", "footer"),
    ]
)
HTML_MOST = 1_000_000  # characters of markup that are read


def decoded(data: bytes, charset: str = "") -> str:
    """Text of bytes: as named, else UTF-8, else the Russian encoding whose letters look right."""
    name = charset.strip().strip("\"'").casefold()
    for encoding in ([name] if name not in VAGUE else []) + ["utf-8"]:
        try:
            return data.decode(encoding)
        except (UnicodeError, LookupError, ValueError):
            continue
    return max((data.decode(encoding, "replace") for encoding in RUSSIAN), key=_likeness)


def _likeness(text: str) -> int:
    """How much it looks like Russian: small letters that are frequent, no boxes, no mixed case."""
    good = sum(char in _FREQUENT for char in text)
    odd = len(re.findall(r"[а-яё][А-ЯЁ]", text))
    strange = sum(not char.isascii() and not ("а" <= char.lower() <= "ё") for char in text)
    return good - 2 * odd - strange


def header(raw: str) -> str:
    """A header in words: encoded words, also cut in the middle of a letter, or plain 8-bit text.

    `raw` is as the e-mail package gives it: bytes that are no ASCII stand as surrogates.
    """
    made: list[str] = []
    waiting, charset, end = b"", "", 0
    for found in _WORD.finditer(raw):
        between = raw[end : found.start()]
        same = found[1].casefold() == charset and not between.strip()
        if not same:
            made.append(decoded(waiting, charset))
            made.append("" if waiting and not between.strip() else _plain(between))
            waiting, charset = b"", found[1].casefold()
        waiting += _unpacked(found[3], found[2])
        end = found.end()
    made += [decoded(waiting, charset), _plain(raw[end:])]
    return " ".join(presentable("".join(made)).split())


def _unpacked(text: str, how: str) -> bytes:
    if how in "qQ":
        return decodestring(text.encode("ascii", "surrogateescape"), header=True)
    try:
        found = b64decode(text + "=" * (-len(text) % 4))
    except (NotBase64, ValueError):
        found = b""
    return found or text.encode("ascii", "surrogateescape")


def _plain(text: str) -> str:
    try:
        return decoded(text.encode("ascii", "surrogateescape"))
    except UnicodeEncodeError:
        return text


def presentable(text: str) -> str:
    """Without what PostgreSQL refuses or a page cannot show: NUL, controls, lone surrogates."""
    composed = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    return "".join(_shown(char) for char in composed)


def _shown(char: str) -> str:
    if char in "\n\t" or char.isprintable():
        return char
    kind = unicodedata.category(char)
    return " " if kind in {"Zs", "Zl", "Zp"} else ""


def reduced(html: str) -> str:
    """The words of HTML in lines; no markup, no scripts, no styles, nothing that is loaded."""
    reader = _Words()
    reader.feed(html[:HTML_MOST])
    reader.close()
    lines = [" ".join(line.split()) for line in "".join(reader.parts).splitlines()]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


class _Words(HTMLParser):
    """Collects what is read aloud."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: Any) -> None:  # noqa: ARG002  (as it is called)
        if tag == "body":  # whatever was left open before it
            self.silent = 0
        elif tag in SILENT:
            self.silent += 1
        elif tag in BLOCKS:
            self.parts.append("\n")
        elif tag in {"td", "th"}:
            self.parts.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in SILENT:
            self.silent = max(0, self.silent - 1)
        elif tag in BLOCKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.parts.append(data)
