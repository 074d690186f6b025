"""What tests cost: `make quick` leaves out those of tests/slow.txt, `make costs` measures it anew.

A test function is slow if a case of it takes longer than `A_CASE` on average, or all of them
together longer than `ALL_CASES` seconds on the machine that measured. Whoever writes a new one may
mark it `slow` at once.
"""

from collections import Counter, defaultdict
from pathlib import Path

import pytest

SLOW = Path(__file__).with_name("slow.txt")
A_CASE, ALL_CASES = 0.5, 4.0

_cases: Counter[str] = Counter()
_seconds: dict[str, float] = defaultdict(float)


def pytest_addoption(parser: pytest.Parser) -> None:
    """The switch of `make costs`."""
    parser.addoption("--costs", action="store_true", help="write tests/slow.txt (all tests)")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the slow ones."""
    slow = set(names())
    for item in items:
        if function_of(item.nodeid) in slow:
            item.add_marker("slow")


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Add up what preparing, running and clearing away took."""
    name = function_of(report.nodeid)
    _cases[name] += report.when == "setup"
    _seconds[name] += report.duration


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Write the list; with several workers only the one that gives out the tests does."""
    if session.config.getoption("--costs") and not hasattr(session.config, "workerinput"):
        slow = sorted(name for name, n in _cases.items() if is_slow(n, _seconds[name]))
        SLOW.write_text("".join(f"{name}\n" for name in slow), "utf-8")


def names() -> list[str]:
    """The slow test functions, `path::name`."""
    return SLOW.read_text("utf-8").split()


def function_of(nodeid: str) -> str:
    """The test function that a case belongs to."""
    return nodeid.partition("[")[0]


def is_slow(cases: int, seconds: float) -> bool:
    """Whether a function of so many cases takes too long for `make quick`."""
    return seconds > min(A_CASE * cases, ALL_CASES)
