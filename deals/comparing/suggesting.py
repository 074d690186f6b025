"""What to do about each pair and each line that is alone."""

from __future__ import annotations

from datetime import date

from deals.comparing.desk import Card, Desk
from deals.comparing.kinds import kind_of
from deals.comparing.records import How, Line, Remark, total
from deals.comparing.slips import is_slip

Twin = tuple[object, ...]


class Suggesting:
    """Suggests with the whole comparison in sight: what stands twice, where the period ends."""

    def __init__(self, desk: Desk, period: tuple[date, date] | None) -> None:
        self.days = desk.days
        self.period = period
        self.cards = [{card.line.key: card for card in side} for side in desk.sides]
        self.paired: list[set[Twin]] = [set(), set()]
        for ours, theirs, _how in desk.found:
            self.paired[0] |= {_twin(card) for card in ours}
            self.paired[1] |= {_twin(card) for card in theirs}

    def of(self, ours: tuple[Line, ...], theirs: tuple[Line, ...], how: How) -> Remark:
        """The suggestion with its figures."""
        if how == How.ALONE:
            return self._alone(0, ours[0]) if ours else self._alone(1, theirs[0])
        if how == How.SUM:
            return Remark("summed", {"ours": len(ours), "theirs": len(theirs)})
        one, other = ours[0], theirs[0]
        if how in {How.NUMBER, How.CLOSE}:
            return _amount(one, other)
        if how == How.WRONG_SIDE:
            return Remark("wrong_side", {"amount": abs(one.value)})
        return self._matched(one, other)

    def _matched(self, one: Line, other: Line) -> Remark:
        numbers = tuple(self.cards[side][line.key].cores for side, line in enumerate((one, other)))
        if all(numbers) and not set(numbers[0]) & set(numbers[1]):
            full = (self.cards[0][one.key].full[0], self.cards[1][other.key].full[0])
            return Remark("other_number", {"ours": full[0], "theirs": full[1]})
        if one.on != other.on:
            days = (other.on - one.on).days
            return Remark("other_day", {"ours": one.on, "theirs": other.on, "days": days})
        return Remark("same" if all(numbers) else "no_number")

    def _alone(self, side: int, line: Line) -> Remark:
        facts = {"amount": abs(line.value), "on": line.on}
        with_whom = "us" if side else "them"
        if _twin(self.cards[side][line.key]) in self.paired[side]:
            return Remark("twice_by_them" if side else "twice_by_us", facts)
        if self.period and min(abs((line.on - day).days) for day in self.period) <= self.days:
            return Remark(f"at_border_{with_whom}", facts)
        if line.value > 0:
            return Remark(f"no_shipment_{with_whom}", facts)
        kind = "return" if kind_of(line.text) in {"return", "adjustment"} else "payment"
        return Remark(f"no_{kind}_{with_whom}", facts)


def _twin(card: Card) -> Twin:
    """What two entries of one document have in common."""
    return card.day, card.value, frozenset(card.cores) or card.line.text.casefold()


def _amount(one: Line, other: Line) -> Remark:
    ours, theirs = abs(one.value), abs(other.value)
    code = "slip" if is_slip(ours, theirs) else "other_amount"
    more = total((one,)) - total((other,))
    return Remark(code, {"ours": ours, "theirs": theirs, "difference": abs(more)})
