"""What a search shows: lines in groups."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Found:
    """One line: what it is called, what tells it apart, where it opens."""

    title: str
    note: str
    url: str
    icon: str
    category: str = ""


@dataclass(frozen=True)
class Group:
    """Lines of one kind."""

    title: str
    items: list[Found]
