"""How often a personal link and an address may ask: counted in PostgreSQL, without Redis."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from ipaddress import ip_address, ip_network

from django.db import connection
from django.utils import timezone

from crm.errors import RuleViolation
from crm.links.models import LinkCount
from crm.work.registry import setting

V6_OF_ONE = 64  # the network that a subscriber of IPv6 is given
# One statement, so that requests of the same moment are all counted.
COUNT = """
    INSERT INTO links_linkcount AS c (key, count, until)
    VALUES (%(key)s, 1, %(until)s)
    ON CONFLICT (key) DO UPDATE
    SET count = CASE WHEN c.until > %(now)s THEN c.count + 1 ELSE 1 END,
        until = CASE WHEN c.until > %(now)s THEN c.until ELSE excluded.until END
    RETURNING count
"""


class TooManyRequests(RuleViolation):
    """The address or the link has had its share of the window."""

    status = 429


def count_address(ip: str | None, *, now: datetime) -> None:
    """One more request from the address, by whatever kind of link; raises TooManyRequests."""
    _count(f"ip:{_subscriber(ip)}", "ip_requests", now)


def count_wrong(ip: str | None, *, now: datetime) -> None:
    """One more link from the address that shows nothing; raises TooManyRequests."""
    _count(f"wrong:{_subscriber(ip)}", "wrong", now)


def count_link(kind: str, link_id: int, *, now: datetime) -> None:
    """One more request by the link; raises TooManyRequests."""
    _count(f"link:{kind}:{link_id}", "requests", now)


def forget_counts(*, today: date) -> int:
    """Counts of requests whose window is over; safe to run again."""
    count, _by_model = LinkCount.objects.filter(until__lt=timezone.now()).delete()
    return count


def _count(key: str, name: str, now: datetime) -> None:
    until = now + timedelta(minutes=setting("links.window"))
    with connection.cursor() as cursor:
        cursor.execute(COUNT, {"key": key, "until": until, "now": now})
        (count,) = cursor.fetchone()
    if count > setting(f"links.{name}"):
        raise TooManyRequests("")


def _subscriber(ip: str | None) -> str:
    """The address; of IPv6 its network, of which one subscriber has all addresses."""
    if ip is None:
        return "-"
    address = ip_address(ip)
    if address.version == 6 and address.ipv4_mapped is None:
        return str(ip_network((address, V6_OF_ONE), strict=False))
    return ip
