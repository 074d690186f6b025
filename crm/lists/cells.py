"""Cells of a list: plain ones are written here, because a template per cell is what costs."""

from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from functools import cache
from html import escape
from typing import Any
from urllib.parse import quote

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model
from django.template.loader import get_template
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from crm.lists.spec import Column, Getter, ListSpec, model_field_at, reader
from crm.lists.state import ListState
from crm.markup import escaped
from crm.money import NBSP, ROUBLE, format_money, format_number
from crm.tabular import Kind

Writer = Callable[[Any], str]
UrlMaker = Callable[[Any], str]

NUMERIC = frozenset({Kind.NUMBER, Kind.MONEY, Kind.PERCENT})
WHOLE = ' class="text-nowrap"'
CLASSES = dict.fromkeys(NUMERIC, ' class="num"') | dict.fromkeys((Kind.DATE, Kind.DATETIME), WHOLE)
_SENTINEL = 2_000_000_011
SHORT = 20  # a title up to so many characters, such as a number, stays in one line


def number(value: Any) -> str:
    """A number with no-break groups and as many decimals as it has."""
    if value is None:
        return ""
    if isinstance(value, float):
        value = Decimal(str(value))
    if isinstance(value, Decimal):
        exponent = value.normalize().as_tuple().exponent
        return format_number(value, max(0, -exponent) if isinstance(exponent, int) else 0)
    return format_number(value)


def money(value: Any) -> str:
    """Roubles and kopecks without the sign, which stands in the heading."""
    return "" if value is None else format_money(value, symbol=False)


def percent(value: Any) -> str:
    return "" if value is None else f"{number(value)}{NBSP}%"


def _local(value: Any) -> Any:
    return timezone.localtime(value) if isinstance(value, datetime) and value.tzinfo else value


def day(value: Any) -> str:
    """The day, of a moment the local one: 23.11.2026."""
    if value is None:
        return ""
    local = _local(value)
    return f"{local.day:02d}.{local.month:02d}.{local.year:04d}"


def moment(value: Any) -> str:
    """Day and local time: 23.11.2026 14:05."""
    if not isinstance(value, datetime):
        return day(value)
    local = _local(value)
    return f"{day(local)} {local.hour:02d}:{local.minute:02d}"


def words(value: Any) -> str:
    if isinstance(value, (list, tuple)):
        value = ", ".join(map(str, value))
    return "" if value is None else escape(str(value))


def yes_no(value: Any) -> str:
    """An icon with its word, so that neither colour nor shape is the only sign."""
    if not value:
        return ""
    return f'<span><i class="ti ti-check" aria-hidden="true"></i> {escape(_("Yes"))}</span>'


_FORMATS: dict[Kind, Callable[[Any], str]] = {
    Kind.NUMBER: number,
    Kind.MONEY: money,
    Kind.PERCENT: percent,
    Kind.DATE: day,
    Kind.DATETIME: moment,
    Kind.YESNO: yes_no,
    Kind.TEXT: words,
}


def written(kind: Kind, value: Any) -> str:
    """A value of the kind as safe HTML."""
    return _FORMATS.get(kind, words)(value)


def choice_labels(spec: ListSpec, column: Column) -> dict[Any, str]:
    """Labels of the choices of the column's field, in the language of the request."""
    field = model_field_at(spec.model, column.orm_path)
    return {value: str(label) for value, label in getattr(field, "flatchoices", ())}


def label_of(row: Model, name: str = "state") -> str:
    """What `get_…_display` says, without going through all the choices for every row."""
    value = getattr(row, name)
    return str(_labels(type(row), name).get(value, value))


@cache
def _labels(model: type[Model], name: str) -> dict[Any, Any]:
    return dict(model._meta.get_field(name).flatchoices)  # type: ignore[union-attr]


def heading(column: Column, kind: Kind) -> str:
    """The title of a column; money names its unit here and not in every cell."""
    return titled(str(column.label), kind, money_only=True)


def titled(label: str, kind: Kind, *, money_only: bool = False) -> str:
    """A title with the unit of its figures; on the screen a share says % in every cell."""
    unit = {Kind.MONEY: ROUBLE, Kind.PERCENT: "" if money_only else "%"}.get(kind, "")
    return f"{label},{NBSP}{unit}" if unit and not label.endswith(unit) else label


def url_maker(target: str | UrlMaker | None, suffix: str = "") -> UrlMaker:
    """A function that gives the address of a row; a name is reversed once, not once per row."""
    if target is None:
        return lambda row: _with(row.get_absolute_url(), suffix)
    if callable(target):
        return lambda row: _with(target(row), suffix)
    head, _sign, tail = reverse(target, args=[_SENTINEL]).partition(str(_SENTINEL))
    return lambda row: f"{head}{row.pk}{tail}{suffix}"


def _with(url: str, query: str) -> str:
    return url + (query.replace("?", "&", 1) if "?" in url else query)


def origin(spec: ListSpec, state: ListState) -> str:
    """The `from` parameter that tells a record which view of which list it was opened from."""
    query = state.query(size=None, columns=None)
    return f"?from={quote(f'{spec.name}?{query}' if query else spec.name, safe='')}"


def content_writer(spec: ListSpec, column: Column) -> Writer:
    """What stands inside the cells of a column."""
    read = column.getter()
    kind = spec.kinds[column.name]
    labels = choice_labels(spec, column) if kind == Kind.CHOICE else {}
    render = column.render
    if callable(render):
        return lambda row: escaped(render(row))
    if isinstance(render, str):
        return _template_writer(render, read, labels)
    if kind == Kind.CHOICE:
        words_of = {value: escape(label) for value, label in labels.items()}
        return lambda row: words_of.get(value := read(row)) or words(value)
    show = _FORMATS[kind]
    return lambda row: show(read(row))


def _template_writer(name: str, read: Getter, labels: Mapping[Any, str]) -> Writer:
    """Render the template once for each distinct value of the page."""
    template = get_template(name)
    done: dict[Any, str] = {}

    def write(row: Any) -> str:
        value = read(row)
        key = tuple(value) if isinstance(value, list) else value
        if key not in done:
            label = labels.get(key, value)
            done[key] = template.render({"value": value, "label": label}).strip()
        return done[key]

    return write


class RowWriter:
    """Writes the rows of one page as safe HTML."""

    def __init__(
        self, spec: ListSpec, columns: Mapping[str, Column], state: ListState, filters: set[str]
    ) -> None:
        self.spec = spec
        self.state = state
        self.filters = filters
        self.url = url_maker(spec.row_url, origin(spec, state))
        self.peek = url_maker(spec.peek_url) if spec.peek_url else None
        self.edit = url_maker(spec.edit_url) if spec.edit_url else None
        self.linked = spec.row_url is not None or hasattr(spec.model, "get_absolute_url")
        shown = [columns[name] for name in state.columns]
        self.title = next((c for c in shown if c.link and self.linked), shown[0])
        self.cells = [self._cell_writer(column) for column in shown]
        self.template = get_template(spec.row_template) if spec.row_template else None

    def write(self, rows: list[Any]) -> SafeString:
        return mark_safe("".join(map(self._row, rows)))

    def _row(self, row: Any) -> str:
        inner = "".join([write(row) for write in self.cells])
        if self.template:
            cells = mark_safe(inner)
            return self.template.render({"row": row, "cells": cells, "url": self.url(row)})
        attributes = "<tr data-row"
        if self.spec.row_class and (css := self.spec.row_class(row)):
            attributes += f' class="{escape(css)}"'
        if self.peek:
            attributes += f' data-peek="{escape(self.peek(row))}"'
        if self.edit:
            attributes += f' data-edit="{escape(self.edit(row))}"'
        return f"{attributes}>{self._checkbox(row)}{inner}</tr>"

    def _checkbox(self, row: Any) -> str:
        if not self.spec.bulk_template:
            return ""
        label = escape(_("Select %(row)s") % {"row": row})
        return (
            '<td class="list-select"><input class="form-check-input" type="checkbox" data-select '
            f'name="ids" value="{escape(str(row.pk))}" aria-label="{label}"></td>'
        )

    def _cell_writer(self, column: Column) -> Writer:
        kind = self.spec.kinds[column.name]
        content = content_writer(self.spec, column)
        label = escape(heading(column, kind))
        look = CLASSES.get(kind, "")
        start = f'<td{look} data-label="{label}">'
        funnel = self._funnel(column) if column.filter in self.filters else lambda row: ""
        if column is self.title or (column.link and self.linked):
            return self._title_writer(content, funnel, is_link=column.link and self.linked)
        return lambda row: f"{start}{content(row)}{funnel(row)}</td>"

    def _title_writer(self, content: Writer, funnel: Writer, *, is_link: bool) -> Writer:
        """What names the row: on a phone the head of its card, elsewhere room enough to be read."""

        def write(row: Any) -> str:
            text = content(row)
            look = "text-nowrap" if len(text) <= SHORT else "stack-name"
            if is_link:
                text = f'<a class="list-link" href="{escape(self.url(row))}">{text or "—"}</a>'
            return f'<td class="stack-title {look}">{text}{funnel(row)}</td>'

        return write

    def _funnel(self, column: Column) -> Writer:
        """The small link that narrows the list to the value of the cell.

        A comfort of the mouse: the filter panel does the same for keys and screen readers.
        """
        read = filter_reader(self.spec, column)
        base = self.state.url(**{column.filter: None})
        base = escape(f"{base}{'&' if '?' in base else '?'}{column.filter}=")
        start = f'<a class="cell-filter ti ti-filter" tabindex="-1" aria-hidden="true" href="{base}'
        current = self.state.filters.get(column.filter)
        done: dict[Any, str] = {None: "", "": ""}

        def write(row: Any) -> str:
            value = read(row)
            if value not in done:
                text = _parameter(value)
                done[value] = "" if current == [text] else f'{start}{quote(text, safe="")}"></a>'
            return done[value]

        return write


def filter_reader(spec: ListSpec, column: Column) -> Getter:
    """What a cell puts into the URL: the id of a linked record, else the value itself."""
    if column.filter_value is not None:
        return reader(column.filter_value)
    head = column.orm_path.split("__")[0]
    try:
        field = spec.model._meta.get_field(head)
    except FieldDoesNotExist:
        return column.getter()
    attribute: str = getattr(field, "attname", "")
    return reader(attribute) if field.is_relation and attribute else column.getter()


def _parameter(value: Any) -> str:
    if isinstance(value, Model):
        return str(value.pk)
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
