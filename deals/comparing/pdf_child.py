"""A program of its own: the words of a PDF with their places; started under limits.

    python pdf_child.py MOST_PAGES MOST_WORDS < file

Writes one line of JSON per page: words as [left, right, middle, size, text] and the heights of
horizontal rules, both counted from the top. Imports nothing of the product, so that it starts
quickly and can break nothing.
"""

import io
import json
import sys
from collections.abc import Iterator
from typing import Any

BROKEN, PASSWORD, TOO_LONG, TOO_MUCH = 2, 3, 4, 5
SHORTEST_RULE = 10  # points
GAP = 0.2  # of the size of the letters: more than that parts words


def main() -> int:
    most_pages, most_words = int(sys.argv[1]), int(sys.argv[2])
    content = sys.stdin.buffer.read()
    try:
        from pdfminer.pdfdocument import PDFPasswordIncorrect
    except MemoryError:
        return TOO_MUCH
    try:
        return _write(content, most_pages, most_words)
    except PDFPasswordIncorrect:
        return PASSWORD
    except MemoryError:
        return TOO_MUCH
    except Exception:  # the library raises anything on a damaged file; the parent says so
        return BROKEN


def _write(content: bytes, most_pages: int, most_words: int) -> int:
    words = 0
    for number, page in enumerate(_pages(content), start=1):
        found = list(_words(page))
        words += len(found)
        if number > most_pages or words > most_words:
            return TOO_LONG
        sys.stdout.write(json.dumps({"words": found, "rules": _rules(page)}) + "\n")
    return 0


def _pages(content: bytes) -> Iterator[Any]:
    from pdfminer.converter import PDFPageAggregator
    from pdfminer.pdfinterp import PDFPageInterpreter, PDFResourceManager
    from pdfminer.pdfpage import PDFPage

    manager = PDFResourceManager()
    device = PDFPageAggregator(manager, laparams=None)
    interpreter = PDFPageInterpreter(manager, device)
    for page in PDFPage.get_pages(io.BytesIO(content)):
        interpreter.process_page(page)
        yield device.get_result()


def _words(page: Any) -> Iterator[tuple[float, float, float, float, str]]:
    """Letters joined to words in the order in which they were written."""
    word: list[Any] = []
    for char in _chars(page):
        if word and (char.get_text().isspace() or not _goes_on(word[-1], char)):
            yield _word(word, page)
            word = []
        if not char.get_text().isspace():
            word.append(char)
    if word:
        yield _word(word, page)


def _chars(item: Any) -> Iterator[Any]:
    from pdfminer.layout import LTChar, LTFigure

    for part in item:
        if isinstance(part, LTChar):
            yield part
        elif isinstance(part, LTFigure):
            yield from _chars(part)


def _rules(page: Any) -> list[float]:
    """Heights of lines and of edges of boxes, each once."""
    from pdfminer.layout import LTCurve

    found = set()
    for part in page:
        if isinstance(part, LTCurve) and part.width >= SHORTEST_RULE:
            found |= {round(page.y1 - part.y0, 1), round(page.y1 - part.y1, 1)}
    return sorted(found)


def _goes_on(last: Any, char: Any) -> bool:
    on_line = abs(last.y0 - char.y0) < last.size * GAP
    return on_line and -last.size < char.x0 - last.x1 < last.size * GAP


def _word(chars: list[Any], page: Any) -> tuple[float, float, float, float, str]:
    first, last = chars[0], chars[-1]
    middle = page.y1 - (first.y0 + first.y1) / 2
    numbers = (round(number, 2) for number in (first.x0, last.x1, middle, first.size))
    return (*numbers, "".join(char.get_text() for char in chars))  # type: ignore[return-value]


if __name__ == "__main__":
    sys.exit(main())
