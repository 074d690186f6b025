"""How often a personal link and an address may ask: counted in PostgreSQL, without Redis."""

from __future__ import annotations

from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network

from django.db import connection

from crm.errors import RuleViolation
from crm.work.registry import setting

V6_OF_ONE = 64  # the network that a subscriber of IPv6 is given
# One statement, so that requests of the same moment are all counted.
COUNT = """
    INSERT INTO deals_actlinkcount AS c (key, count, until)
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
    """One more request from the address; raises TooManyRequests."""
    _count(f"ip:{_subscriber(ip)}", "link_ip_requests", now)


def count_wrong(ip: str | None, *, now: datetime) -> None:
    """One more link from the address that shows nothing; raises TooManyRequests."""
    _count(f"wrong:{_subscriber(ip)}", "link_wrong", now)


def count_link(link_id: int, *, now: datetime) -> None:
    """One more request by the link; raises TooManyRequests."""
    _count(f"link:{link_id}", "link_requests", now)


def _count(key: str, name: str, now: datetime) -> None:
    until = now + timedelta(minutes=setting("reconciliation.link_window"))
    with connection.cursor() as cursor:
        cursor.execute(COUNT, {"key": key, "until": until, "now": now})
        (count,) = cursor.fetchone()
    if count > setting(f"reconciliation.{name}"):
        raise TooManyRequests("")


def _subscriber(ip: str | None) -> str:
    """The address; of IPv6 its network, of which one subscriber has all addresses."""
    if ip is None:
        return "-"
    address = ip_address(ip)
    if address.version == 6 and address.ipv4_mapped is None:
        return str(ip_network((address, V6_OF_ONE), strict=False))
    return ip
