"""Gapless numbers per kind and year, unique under concurrency."""

from uuid import UUID

from django.db import connection


def one_at_a_time(key: UUID) -> None:
    """Whoever sends the same key of a form waits here until the first one's transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [str(key)])


def take_numbers(kind: str, *, year: int = 0, count: int = 1) -> range:
    """The next `count` numbers; the sequence row stays locked until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO work_numbersequence (kind, year, last) VALUES (%s, %s, %s)"
            " ON CONFLICT (kind, year) DO UPDATE SET last = work_numbersequence.last + %s"
            " RETURNING last",
            [kind, year, count, count],
        )
        last: int = cursor.fetchone()[0]
    return range(last - count + 1, last + 1)


def format_number(prefix: str, year: int, number: int) -> str:
    """`PREFIX-YYYY-NNNNNN` (C.0)."""
    return f"{prefix}-{year}-{number:06d}"
