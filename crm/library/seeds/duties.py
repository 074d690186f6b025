"""What duties of known job descriptions are served by: by the fingerprint of their words.

`duties.tsv` holds the code of a duty, the fingerprint, capabilities, or why no screen serves it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

TABLE = Path(__file__).parent / "duties.tsv"


@dataclass(frozen=True)
class KnownDuty:
    """One row of the table."""

    code: str
    capabilities: tuple[str, ...]
    outside: str


@lru_cache(maxsize=1)
def known_duties() -> dict[str, KnownDuty]:
    """The table by fingerprints."""
    rows = [line.split("\t") for line in TABLE.read_text("utf-8").splitlines()]
    return {
        words: KnownDuty(code, tuple(codes.split()), outside)
        for code, words, codes, outside in rows
    }
