"""Words of other programs' files.

The only place of the product with words of files in Cyrillic; the interface speaks by gettext.
Names are compared without case, punctuation and ё (`reading.header_key`).
"""

from crm.imports.synonyms.columns import CLIENTS, CONTACTS, PEOPLE
from crm.imports.synonyms.documents import (
    ALL,
    CONTRACT_WORDS,
    CREDIT_PREFIXES,
    DEBT_DOCUMENTS,
    DOCUMENT_KINDS,
    DOCUMENT_OF,
    INVOICES,
    MONTHS,
    NO_CONTRACT,
    NOT_DUE,
    OVERDUE,
    ROUBLE_WORDS,
    SALES,
    TOTAL_ROW,
    WITHOUT_VAT,
)
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
    "ALL",
    "CLIENTS",
    "CLIENT_KINDS",
    "CLIENT_STATUSES",
    "CONTACTS",
    "CONTACT_KINDS",
    "CONTACT_RESULTS",
    "CONTACT_TOPICS",
    "CONTRACT_WORDS",
    "CREDIT_PREFIXES",
    "DEBT_DOCUMENTS",
    "DIRECTIONS",
    "DOCUMENT_KINDS",
    "DOCUMENT_OF",
    "INVOICES",
    "LATIN_LOOKALIKES",
    "LETTER_SCORES",
    "MONTHS",
    "NO",
    "NOT_DUE",
    "NO_CONTRACT",
    "OVERDUE",
    "PEOPLE",
    "ROLES",
    "ROUBLE_WORDS",
    "SALES",
    "SAME_LETTERS",
    "TOTAL_ROW",
    "TO_LATIN",
    "WITHOUT_VAT",
    "YES",
]
