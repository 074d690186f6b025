"""The state of a list is its address: what the URL asks for and how to ask for something else."""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.forms import BaseForm
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.lists.spec import ListSpec

OWN = ("q", "sort", "columns", "size", "after", "before", "totals", "export", "part", "from")
MAX_TEXT = 200
# Of a value that no filter knows.
NOT_KNOWN = gettext_lazy("There is no such choice; it was left out.")
MAX_SORTS = 3
FORMATS = ("xlsx", "csv")


@dataclass(frozen=True, slots=True)
class Problem:
    """A part of the address that the list does not understand and says so."""

    key: str
    text: str
    beside: bool = False  # the filter panel says it beside a field of its own


@dataclass
class ListState:
    """Everything the address says, already checked against the allow-lists of the spec."""

    path: str
    sort: str
    default_sort: str
    size: int
    default_size: int
    columns: tuple[str, ...]
    q: str = ""
    chosen: bool = False
    after: str = ""
    before: str = ""
    totals: bool = False
    export: str = ""
    filters: dict[str, list[str]] = field(default_factory=dict)
    kept: dict[str, list[str]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def pairs(self, **changes: Any) -> dict[str, Any]:
        """The view without its place in the pages, always written in the same order."""
        found: dict[str, Any] = {
            **self.kept,
            **self.filters,
            "q": self.q,
            "sort": self.sort if self.sort != self.default_sort else "",
            "columns": ",".join(self.columns) if self.chosen else "",
            "size": self.size if self.size != self.default_size else "",
            **changes,
        }
        return {key: value for key, value in found.items() if value not in (None, "")}

    def query(self, **changes: Any) -> str:
        """The query string of this view from its first page, with changes; None removes a key."""
        return urlencode(self.pairs(**changes), doseq=True, safe=",:")

    def url(self, **changes: Any) -> str:
        return address(self.path, self.query(**changes))

    @property
    def here(self) -> str:
        """The address of exactly this page, written in the one canonical way."""
        return self.url(after=self.after, before=self.before, totals="1" if self.totals else None)

    def drop(self, text: str, *keys: str, beside: bool = False) -> None:
        for key in keys:
            self.problems.append(Problem(key, text, beside))


def not_understood(form: BaseForm) -> list[Problem]:
    """What a form of an address refuses, as a list says it of its filters."""
    return [
        Problem(name, f"{form[name].label}: {' '.join(map(str, errors))}")
        for name, errors in form.errors.items()
    ]


def address(path: str, query: str) -> str:
    return f"{path}?{query}" if query else path


def read_state(spec: ListSpec, params: QueryDict, path: str, open_columns: Any) -> ListState:
    """Read the address; what is unknown or malformed is left out and listed as a problem."""
    default_sort = _default_sort(spec, open_columns)
    state = ListState(
        path=path,
        sort=default_sort,
        default_sort=default_sort,
        size=spec.page_size,
        default_size=spec.page_size,
        columns=_default_columns(spec, open_columns),
    )
    values = _readable(spec, params, state)
    state.q = " ".join(values.pop("q", "").split())
    if state.q and not spec.search:
        state.q = ""
        state.drop(_("This list has no search."), "q")
    _read_sort(spec, state, values.pop("sort", ""), open_columns)
    _read_columns(state, params.getlist("columns"), open_columns)
    _read_size(spec, state, values.pop("size", ""))
    state.after, state.before = values.pop("after", ""), values.pop("before", "")
    if state.after and state.before:
        state.before = ""
    state.totals = bool(values.pop("totals", ""))
    state.export = values.pop("export", "")
    if state.export and state.export not in FORMATS:
        state.drop(_("There is no such export format."), "export")
        state.export = ""
    return state


def _readable(spec: ListSpec, params: QueryDict, state: ListState) -> dict[str, str]:
    """Sort the parameters by their kind and set aside what no list can hold."""
    own: dict[str, str] = {}
    for key, values in params.lists():
        filled = [value for value in values if value.strip()]
        if any("\x00" in value or len(value) > MAX_TEXT for value in filled) and key not in (
            "columns",
            "after",
            "before",
            "from",
        ):
            state.drop(_("The value is too long or contains characters of no text."), key[:50])
        elif not filled:
            continue
        elif key in OWN:
            own[key] = filled[-1]
        elif key in spec.keep:
            state.kept[key] = filled
        else:
            state.filters[key] = filled
    return own


def _default_sort(spec: ListSpec, open_columns: Any) -> str:
    """The declared order, or the first one open to a user who may not see its columns."""
    if all(key.removeprefix("-") in open_columns for key in spec.default_sort.split(",")):
        return spec.default_sort
    return next(name for name in open_columns if name in spec.sortable)


def _default_columns(spec: ListSpec, open_columns: Any) -> tuple[str, ...]:
    names = spec.default_columns or [column.name for column in spec.columns]
    return tuple(name for name in names if name in open_columns)


def _read_sort(spec: ListSpec, state: ListState, text: str, open_columns: Any) -> None:
    if not text:
        return
    names = text.split(",")
    plain = [name.removeprefix("-") for name in names]
    if (
        len(plain) <= MAX_SORTS
        and len(set(plain)) == len(plain)
        and all(name in spec.sortable and name in open_columns for name in plain)
    ):
        state.sort = text
    else:
        state.drop(_("The list cannot be sorted this way."), "sort")


def _read_columns(state: ListState, given: list[str], open_columns: Any) -> None:
    """Columns in the order asked for; those with a link to the record are always there."""
    names = list(dict.fromkeys(n for text in given[:100] for n in text[:2000].split(",") if n))
    if not names:
        return
    known = [name for name in names if name in open_columns]
    if len(known) < len(names):
        state.drop(_("There is no such column."), "columns")
    links = [name for name, column in open_columns.items() if column.link and name not in known]
    columns = (*links, *known)
    state.chosen = bool(known) and columns != state.columns
    if state.chosen:
        state.columns = columns


def _read_size(spec: ListSpec, state: ListState, text: str) -> None:
    if text in {str(size) for size in spec.page_sizes}:
        state.size = int(text)
    elif text:
        state.drop(_("There is no such page size."), "size")
