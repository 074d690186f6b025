"""Records of CommerceML read from their elements; names vary between versions and programs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from xml.etree.ElementTree import Element

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from crm.imports import values
from crm.money import round_half_up
from crm.names import plain_text
from deals.importers.commerceml.content import Content, Goods, Group, Item, Paper, Side, Tax

BUYER = "покупатель"
ONE, NOTHING = Decimal(1), Decimal(0)
TRUE = frozenset({"true", "1", "да", "истина"})
MOST_LINES = 5_000
_NUMBER = re.compile(r"-?[0-9]{1,13}(?:\.[0-9]{1,12})?", re.ASCII)
_GAPS = re.compile(r"[\s\u00a0']+")


def read_paper(element: Element, found: Content, side: Side | None = None) -> None:
    """A document and those under it; what is wrong with one is kept as its problem."""
    side = _buyer(element, found) or side
    try:
        paper = _paper(element, side)
    except ValidationError as error:
        paper = Paper(
            id=_text(element, "Ид", longest=100),
            number=_text(element, "Номер", longest=100),
            day=None,
            operation=_text(element, "ХозОперация", longest=100),
            side=side,
            problem=values.reason(error),
        )
    found.papers.append(paper)
    found.lines += len(paper.lines)
    for under in _inside(element, "ПодчиненныеДокументы", "ПодчиненныйДокумент"):
        read_paper(under, found, side)


def _paper(element: Element, side: Side | None) -> Paper:
    facts = _facts(element)
    due = _text(element, "СрокПлатежа")
    return Paper(
        id=_text(element, "Ид", longest=100),
        number=_text(element, "Номер", longest=100),
        day=values.day(_text(element, "Дата")),
        operation=_text(element, "ХозОперация", longest=100),
        role=_text(element, "Роль"),
        currency=_text(element, "Валюта"),
        rate=_number(element, "Курс") or ONE,
        amount=_number(element, "Сумма") or NOTHING,
        due_on=values.day(due) if due else None,
        basis=_text(element, "Основание"),
        note=_text(element, "Комментарий", longest=500),
        side=side,
        lines=_lines(element),
        deleted=_is_true(_text(element, "ПометкаУдаления"))
        or any(_is_true(facts.get(name, "")) for name in ("пометкаудаления", "отменен")),
        posted=facts.get("проведен", "true").casefold() in TRUE,
    )


def _lines(element: Element) -> tuple[Goods, ...]:
    rows = list(_inside(element, "Товары", "Товар"))
    if len(rows) > MOST_LINES:
        raise ValidationError(
            _("The document has more than %(most)s lines.") % {"most": MOST_LINES}
        )
    return tuple(_goods(row) for row in rows)


def _goods(row: Element) -> Goods:
    amount, quantity = _number(row, "Сумма"), _number(row, "Количество")
    price = _number(row, "ЦенаЗаЕдиницу") or _number(row, "Цена") or NOTHING
    quantity = ONE if quantity is None else quantity
    return Goods(
        id=_text(row, "Ид", longest=100),
        sku=_text(row, "Артикул", longest=100),
        name=_text(row, "Наименование", longest=500),
        quantity=quantity,
        price=price,
        amount=round_half_up(quantity * price) if amount is None else amount,
        tax=_tax(row),
    )


def _tax(row: Element) -> Tax | None:
    """VAT of a line: its sum where the line has one, else the rate of its goods."""
    for tax in _inside(row, "Налоги", "Налог"):
        if _is_vat(tax):
            inside = _text(tax, "УчтеноВСумме").casefold() not in {"false", "0", "нет"}
            return Tax(_text(tax, "Ставка"), _number(tax, "Сумма"), inside=inside)
    rate = _rate(row)
    return Tax(rate) if rate else None


def _rate(row: Element) -> str:
    rates = (
        _text(r, "Ставка") for r in _inside(row, "СтавкиНалогов", "СтавкаНалога") if _is_vat(r)
    )
    return next(rates, "")


def _is_vat(tax: Element) -> bool:
    return _text(tax, "Наименование").casefold() in {"ндс", "vat", ""}


def read_side(element: Element, found: Content) -> Side:
    """A counterparty; the same one stands in many documents."""
    side = Side(
        id=_text(element, "Ид", longest=100),
        name=_text(element, "Наименование", longest=255),
        full_name=_text(element, "ПолноеНаименование", "ОфициальноеНаименование", longest=500),
        inn=_text(element, "ИНН", longest=20),
        kpp=_text(element, "КПП", longest=20),
    )
    return found.sides.setdefault(side.key, side)


def _buyer(element: Element, found: Content) -> Side | None:
    sides = list(_inside(element, "Контрагенты", "Контрагент"))
    buyers = [side for side in sides if _text(side, "Роль").casefold() == BUYER]
    return read_side((buyers or sides)[0], found) if sides else None


def read_group(element: Element, found: Content) -> None:
    """A group with those inside it, parents first."""
    waiting = [(element, "")]
    while waiting:
        row, parent_id = waiting.pop(0)
        group = Group(
            _text(row, "Ид", longest=100), _text(row, "Наименование", longest=200), parent_id
        )
        found.groups.append(group)
        waiting += [(child, group.id) for child in _inside(row, "Группы", "Группа")]


def read_item(element: Element, found: Content) -> None:
    """Goods of the catalogue."""
    groups = [_clean(part.text, 100) for part in _inside(element, "Группы", "Ид")]
    unit = _child(element, "БазоваяЕдиница")
    found.items.append(
        Item(
            id=_text(element, "Ид", longest=100),
            sku=_text(element, "Артикул", longest=100),
            name=_text(element, "Наименование", longest=500),
            unit=_unit(unit),
            group_id=groups[0] if groups else "",
            vat=_rate(element),
            deleted=element.get("Статус", "").casefold() == "удален"
            or _is_true(_text(element, "ПометкаУдаления")),
        )
    )


def _unit(unit: Element | None) -> str:
    """The short name; from version 3 on it stands in an element of its own."""
    if unit is None:
        return ""
    return (
        _clean(unit.text, 30)
        or _text(unit, "НаименованиеКраткое", longest=30)
        or _clean(unit.get("НаименованиеКраткое") or unit.get("НаименованиеПолное"), 30)
    )


# Elements


def name_of(element: Element) -> str:
    """The name without its name space."""
    return str(element.tag).rpartition("}")[2]


def _child(element: Element, name: str) -> Element | None:
    return next((child for child in element if name_of(child) == name), None)


def _inside(element: Element, wrapper: str, name: str) -> Iterator[Element]:
    """Elements inside every wrapper of the element."""
    for box in element:
        if name_of(box) == wrapper:
            yield from (child for child in box if name_of(child) == name)


def _text(element: Element, *names: str, longest: int = 100) -> str:
    """The text of the first filled child of these names."""
    for name in names:
        child = _child(element, name)
        if child is not None and (text := _clean(child.text, longest)):
            return text
    return ""


def _clean(text: str | None, longest: int) -> str:
    return plain_text(text or "")[:longest].strip()


def _facts(element: Element) -> dict[str, str]:
    """«Значения реквизитов» by their names, case aside."""
    rows = _inside(element, "ЗначенияРеквизитов", "ЗначениеРеквизита")
    return {_text(row, "Наименование").casefold(): _text(row, "Значение") for row in rows}


def _is_true(text: str) -> bool:
    return text.casefold() in TRUE


def _number(element: Element, name: str) -> Decimal | None:
    """A number without its gaps; None where there is none."""
    text = _GAPS.sub("", _text(element, name)).replace(",", ".")
    if not text:
        return None
    if not _NUMBER.fullmatch(text):
        raise ValidationError(_("“%(text)s” is not a number.") % {"text": text[:30]})
    return Decimal(text)
