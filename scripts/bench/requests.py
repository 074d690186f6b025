"""What is asked of the server, and by whom."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import httpx

Request = Callable[[httpx.Client], httpx.Response]
HTMX = {"HX-Request": "true"}


@dataclass(frozen=True)
class Page:
    """What is measured, for whom, and its budget in milliseconds where it has one of its own."""

    name: str
    login: str
    request: Request
    p95_limit: float | None = None


def get(url: str, *, htmx: bool = False) -> Request:
    """A request for the address."""
    headers = HTMX if htmx else {}

    def request(client: httpx.Client) -> httpx.Response:
        return client.get(url, headers=headers)

    return request
