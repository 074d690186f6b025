"""Ready views: the addresses of a list that people open with one click, each a tab above it."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import parse_qs, urlencode

from django.utils.translation import gettext_lazy as _

from crm.lists.spec import ListSpec, Text, View
from crm.lists.state import OWN, ListState, address

ALL = View(_("All"))


@dataclass(frozen=True, slots=True)
class Tab:
    label: str
    url: str
    is_open: bool


def each_of(parameter: str, choices: Iterable[tuple[str, Text]]) -> list[View]:
    """A view for every choice of a filter."""
    return [View(label, f"{parameter}={value}") for value, label in choices]


def tabs_of(spec: ListSpec, state: ListState) -> list[Tab]:
    """The ready views with their addresses; `spec.views_keep` goes along from one to another."""
    narrowed = state.kept | state.filters
    carried = {key: narrowed[key] for key in spec.views_keep if key in narrowed}
    kept = urlencode(carried, doseq=True)
    made = []
    for view in spec.views:
        query = "&".join(filter(None, (kept, view.query)))
        is_open = not state.q and narrowed == carried | _filters(view)
        made.append(Tab(str(view.label), address(state.path, query), is_open))
    return made


def _filters(view: View) -> dict[str, list[str]]:
    """What the view narrows the list by; the order of the rows does not make it another one."""
    return {key: values for key, values in parse_qs(view.query).items() if key not in OWN}
