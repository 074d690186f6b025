"""Times of one address: a single client for p50 and p95, eight clients for requests a second."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass

import httpx

Request = Callable[[httpx.Client], httpx.Response]
CLIENTS = 8


@dataclass
class Result:
    """What was measured; milliseconds."""

    name: str
    p50: float
    p95: float
    per_second: float
    queries: int
    kilobytes: float

    def row(self) -> dict[str, object]:
        """For JSON."""
        return asdict(self)


def measure(
    name: str, request: Request, client: Callable[[], httpx.Client], *, times: int, seconds: float
) -> Result:
    """Warm up, then measure; raises RuntimeError when an answer is not a page."""
    with client() as one:
        for _index in range(10):
            answer = request(one)
        check(name, answer)
        laps, most = [], 0
        for _index in range(times):
            started = time.perf_counter()
            answer = request(one)
            laps.append((time.perf_counter() - started) * 1000)
            check(name, answer)
            most = max(most, int(answer.headers["X-Queries"]))
    laps.sort()
    return Result(
        name=name,
        p50=round(statistics.median(laps), 1),
        p95=round(laps[int(len(laps) * 0.95)], 1),
        per_second=round(throughput(name, request, client, seconds), 1),
        queries=most,
        kilobytes=round(len(answer.content) / 1024, 1),
    )


def check(name: str, answer: httpx.Response) -> None:
    """A redirect to the sign-in page or an error must not count as a fast page."""
    if answer.status_code not in {200, 204}:
        raise RuntimeError(f"{name}: status {answer.status_code} {answer.headers.get('location')}")


def throughput(
    name: str, request: Request, client: Callable[[], httpx.Client], seconds: float
) -> float:
    """Requests a second of eight clients together; raises RuntimeError as `measure` does.

    A server that refuses under load would else count as a fast one.
    """
    counts: list[int] = []
    until = time.perf_counter() + seconds

    def load() -> None:
        from django.db import connections

        done = 0
        with client() as one:
            connections.close_all()  # signing in has asked the database in this thread
            while time.perf_counter() < until:
                check(name, request(one))
                done += 1
        counts.append(done)

    with ThreadPoolExecutor(CLIENTS) as pool:
        for running in [pool.submit(load) for _index in range(CLIENTS)]:
            running.result()
    return sum(counts) / seconds
