"""Words of other programs' files.

The only place of the product with words of files in Cyrillic; the interface speaks by gettext.
Names are compared without case, punctuation and ё (`reading.header_key`).
"""

from crm.imports.synonyms.columns import CLIENTS, CONTACTS, PEOPLE
from crm.imports.synonyms.words import (
    CLIENT_KINDS,
    CLIENT_STATUSES,
    CONTACT_KINDS,
    CONTACT_RESULTS,
    CONTACT_TOPICS,
    DIRECTIONS,
    LATIN_LOOKALIKES,
    LETTER_SCORES,
    NO,
    ROLES,
    SAME_LETTERS,
    TO_LATIN,
    YES,
)

__all__ = [
    "CLIENTS",
    "CLIENT_KINDS",
    "CLIENT_STATUSES",
    "CONTACTS",
    "CONTACT_KINDS",
    "CONTACT_RESULTS",
    "CONTACT_TOPICS",
    "DIRECTIONS",
    "LATIN_LOOKALIKES",
    "LETTER_SCORES",
    "NO",
    "PEOPLE",
    "ROLES",
    "SAME_LETTERS",
    "TO_LATIN",
    "YES",
]
