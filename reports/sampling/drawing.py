"""How a sample is drawn; knows no tables.

Of every row of the frame the SHA-256 of «seed:row» is taken (the seed as it is recorded, a colon,
the number of the row in decimal, as UTF-8). The rows with the least digests, compared as
hexadecimal text, are the sample, in that order. The digest of a frame is the SHA-256 of its numbers
in rising order, joined by commas. By hand:  printf '%s' 'SEED:17' | sha256sum
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from hashlib import sha256

ALGORITHM = "sha256/1"
SEED_BYTES = 16


def new_seed() -> str:
    """A seed that nobody could have chosen."""
    return secrets.token_hex(SEED_BYTES)


def rank(seed: str, row: int) -> str:
    """By which a row is drawn."""
    return sha256(f"{seed}:{row}".encode()).hexdigest()


def draw(seed: str, frame: Iterable[int], size: int) -> list[int]:
    """The sample: at most `size` rows, whatever the order of the frame."""
    return sorted(set(frame), key=lambda row: rank(seed, row))[:size]


def frame_digest(frame: Iterable[int]) -> str:
    """One number of the whole frame."""
    return sha256(",".join(map(str, sorted(set(frame)))).encode()).hexdigest()
