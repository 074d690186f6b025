"""A document with lines typed by hand: its head and as many line forms as there are lines.

The whole form travels with each button that adds or removes a line, so nothing typed is lost and
no script is needed; static/js/lines.js only makes it quicker.
"""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _

from crm.accounts.models import User
from crm.fields import CleanCharField
from crm.forms import RecordForm
from crm.names import plain_text
from deals.actions.documents import MOST_LINES
from deals.models import Product

SEPARATOR = " · "


class ProductPickField(CleanCharField):
    """A product by its article, typed or chosen from a list of «article · name»."""

    longest = 700

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=None, **options)  # the value is a product, not a text

    def to_python(self, value: Any) -> Any:
        text = plain_text(super().to_python(value))[: self.longest]
        if not text:
            return None
        sku = text.split(SEPARATOR.strip())[0].strip()
        found = Product.objects.open().filter(sku__iexact=sku).first()
        if found is None:
            raise ValidationError(_("Choose a product from the list."), code="no_product")
        return found

    def prepare_value(self, value: Any) -> Any:
        return f"{value.sku}{SEPARATOR}{value.name}" if isinstance(value, Product) else value


class LinesEditor:
    """Head and lines; lines are added and removed by buttons of the form."""

    head_form: ClassVar[type[RecordForm]]
    line_form: ClassVar[type[forms.Form]]
    first_lines = 3

    def __init__(self, head: Any, rows: list[Any], *, too_many: bool = False) -> None:
        self.head, self.rows, self.too_many = head, rows, too_many

    @classmethod
    def empty(cls, user: User, initial: dict[str, Any]) -> Self:
        """A new document with some empty lines."""
        head: Any = cls.head_form
        return cls(
            head(user=user, initial=initial),
            [cls.line_form(prefix=f"line-{place}") for place in range(cls.first_lines)],
        )

    @classmethod
    def stored(cls, record: Any, user: User) -> Self:
        """A draft as it stands."""
        head: Any = cls.head_form
        lines = record.lines.select_related("product")
        rows = [
            cls.line_form(prefix=f"line-{place}", initial=cls.values_of(line))
            for place, line in enumerate(lines)
        ]
        return cls(head(user=user, record=record), rows)

    @classmethod
    def values_of(cls, line: Any) -> dict[str, Any]:
        """What the fields of a stored line show."""
        return {name: getattr(line, name) for name in cls.line_form.base_fields}

    @classmethod
    def sent(cls, data: QueryDict, user: User, record: Any | None) -> Self:
        """The form as it was sent; lines left wholly empty do not count, one stays to be filled."""
        head: Any = cls.head_form
        places = [place for place in _places(data) if cls._filled(data, place)] or [0]
        return cls(
            head(data, user=user, record=record),
            [cls.line_form(data, prefix=f"line-{place}") for place in places],
            too_many=_count(data) > MOST_LINES,
        )

    @classmethod
    def rearranged(cls, data: QueryDict, user: User, record: Any | None, command: str) -> Self:
        """The form after «add» or «remove-N»; nothing is checked yet."""
        rows = [cls._raw(data, place) for place in _places(data)]
        verb, _dash, number = command.partition("-")
        if verb == "add" and len(rows) < MOST_LINES:
            rows.append({})
        elif verb == "remove" and number.isascii() and number.isdigit() and len(number) < 4:
            rows = [row for place, row in enumerate(rows) if place != int(number)] or [{}]
        form: Any = cls.head_form
        typed = {name: data.get(name, "") for name in form.base_fields if name in data}
        head = form(user=user, record=record, initial=typed)
        made = [cls.line_form(prefix=f"line-{n}", initial=row) for n, row in enumerate(rows)]
        return cls(head, made)

    @property
    def blank(self) -> Any:
        """A line for the script to copy; `__n__` stands for its number."""
        return self.line_form(prefix="line-__n__")

    def is_valid(self) -> bool:
        """Every part is looked at, so that every mistake is shown at once."""
        whole = all([self.head.is_valid(), *[row.is_valid() for row in self.rows]])
        if self.too_many:  # what was cut off is said, never saved in part
            text = _("A document has at most %(most)s lines.") % {"most": MOST_LINES}
            self.head.add_error(None, text)
        return whole and not self.too_many

    def lines(self) -> list[Any]:
        """The lines for the action."""
        return [row.line() for row in self.rows]

    def mark(self, problems: list[Any]) -> bool:
        """Put what prices do not allow beside its lines; whether there was nothing."""
        for problem in problems:
            self.rows[problem.place].add_error(problem.field, problem.text)
        return not problems

    @classmethod
    def _raw(cls, data: QueryDict, place: int) -> dict[str, str]:
        return {name: data.get(f"line-{place}-{name}", "") for name in cls.line_form.base_fields}

    @classmethod
    def _filled(cls, data: QueryDict, place: int) -> bool:
        return any(value.strip() for value in cls._raw(data, place).values())


def _places(data: QueryDict) -> range:
    return range(min(_count(data), MOST_LINES))


def _count(data: QueryDict) -> int:
    """How many lines the form says it has; rubbish is none."""
    count = data.get("lines", "0")
    return int(count) if count.isascii() and count.isdigit() and len(count) < 9 else 0
