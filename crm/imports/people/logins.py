"""Logins of people whose file has none."""

from __future__ import annotations

import re
import unicodedata

from crm.imports import synonyms

LONGEST = 60
_NOT_LOGIN = re.compile(r"[^a-z0-9]+")


def make_login(first: str, last: str, taken: set[str]) -> str:
    """`anna.petrova`, with a number where it is taken; the new one joins `taken`."""
    parts = [part for part in (_latin(first), _latin(last)) if part]
    base = ".".join(parts)[:LONGEST] or "user"
    login, number = base, 1
    while login in taken:
        number += 1
        login = f"{base}{number}"
    taken.add(login)
    return login


def _latin(name: str) -> str:
    letters = "".join(synonyms.TO_LATIN.get(char, char) for char in name.casefold())
    plain = unicodedata.normalize("NFKD", letters).encode("ascii", "ignore").decode()
    return _NOT_LOGIN.sub("", plain)
