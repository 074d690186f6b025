"""Work that makes hundreds of thousands of lasting objects, without a search for garbage meanwhile.

Python looks through all young objects whenever 700 more are there; a file of documents or an
analysis of all clients keeps what it makes, so this takes a third of the time and finds nothing.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

SELDOM = 200_000


@contextmanager
def collected_seldom() -> Iterator[None]:
    """Search after so many new objects only, until the block ends."""
    before = gc.get_threshold()
    gc.set_threshold(SELDOM, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
