"""What is repeated for every column above the rows, written here like the cells themselves."""

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

from django.utils.safestring import SafeString, mark_safe


@dataclass(frozen=True, slots=True)
class HeadCell:
    label: str
    help: str
    number: bool
    url: str
    sorted: str

    @property
    def icon(self) -> str:
        """The arrow of the sorted column as HTML."""
        name = {"ascending": "arrow-up", "descending": "arrow-down"}.get(self.sorted, "")
        return f'<i class="ti ti-{name}" aria-hidden="true"></i>' if name else ""


@dataclass(frozen=True, slots=True)
class Choice:
    name: str
    label: str
    chosen: bool
    fixed: bool = False
    url: str = ""


def write_headings(cells: Iterable[HeadCell]) -> SafeString:
    """The row of headings; a sortable one is a link."""
    return mark_safe("".join(map(_heading, cells)))


def _heading(cell: HeadCell) -> str:
    number = ' class="num"' if cell.number else ""
    sort = f' aria-sort="{cell.sorted}"' if cell.sorted else ""
    title = f' title="{escape(cell.help)}"' if cell.help else ""
    words = escape(cell.label)
    if cell.url:
        words = f'<a class="list-sort" href="{escape(cell.url)}">{words} {cell.icon}</a>'
    return f'<th scope="col"{number}{sort}{title}>{words}</th>'


def write_sort_links(cells: Iterable[HeadCell]) -> SafeString:
    """The same orders as lines of a menu, for a phone."""
    return mark_safe(
        "".join(
            f'<a class="dropdown-item" href="{escape(cell.url)}">{cell.icon} '
            f"{escape(cell.label)}</a>"
            for cell in cells
            if cell.url
        )
    )


def write_column_boxes(choices: Iterable[Choice]) -> SafeString:
    """The boxes by which columns are chosen."""
    return mark_safe("".join(map(_box, choices)))


def _box(choice: Choice) -> str:
    marks = f"{' checked' if choice.chosen else ''}{' disabled' if choice.fixed else ''}"
    return (
        '<label class="form-check"><input class="form-check-input" type="checkbox" name="columns" '
        f'value="{escape(choice.name)}"{marks}>'
        f'<span class="form-check-label text-nowrap">{escape(choice.label)}</span></label>'
    )
