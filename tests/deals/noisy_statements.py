"""Our act and the client's statement with noise, and what is true about every line of both."""

import random
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal

from deals.comparing.records import Line

FIRST, DAYS = date(2026, 7, 1), 92
NOISE = ("day", "amount", "missing", "extra", "merged", "renamed", "nameless")


def cents(rng, low, high):
    return Decimal(rng.randrange(low * 100, high * 100)) / 100


@dataclass
class Noisy:
    """Lines of both sides, both seen from our side, and the truth: (side, key) → verdict."""

    ours: list
    theirs: list
    truth: dict = field(default_factory=dict)
    noise: Counter = field(default_factory=Counter)


def act_lines(rng, size):
    """Shipments and payments of a quarter; some payments are equal round sums."""
    made = []
    for key in range(1, size + 1):
        on = FIRST + timedelta(rng.randrange(DAYS))
        if rng.random() < 0.7:
            debit = cents(rng, 500, 400_000)
            text = f"Продажа (УПД № 00УТ-{key:06d} от {on:%d.%m.%Y})"
            made.append(Line(key, on, text, debit=debit))
        else:
            paid = rng.choice([Decimal(50_000), Decimal(100_000), cents(rng, 500, 900_000)])
            text = f"Оплата (п/п № {rng.randrange(1, 2_000)} от {on:%d.%m.%Y})"
            made.append(Line(key, on, text, credit=paid))
    return made


def as_theirs(rng, line, *, own_numbers=False):
    """The same operation in the client's words, its number written in a way of their own."""
    number = line.text.split("№ ")[1].split(" ")[0].rpartition("-")[2].lstrip("0")
    if line.debit:
        number = str(rng.randrange(1, 9_000)) if own_numbers else number
        text = rng.choice(
            [
                f"Поступление (УПД № {number} от {line.on:%d.%m.%y})",
                f"Приход ({number} от {line.on:%d.%m.%Y})",
                f"Поступление товаров УT-{number.zfill(8)} по договору № 12/П от 01.02.2026",
            ]
        )
        return replace(line, text=text)
    lag = rng.choice([0, 0, 0, 1, 2])
    text = rng.choice([f"Оплата п/п {number}", f"Списание с расчётного счёта (вх. {number})"])
    return replace(line, text=text, on=line.on + timedelta(lag))


def noisy(seed, *, size=1_000, share=0.05, own_numbers=False):
    """Two sides of so many lines of which the share is spoilt, each kind of noise alike often."""
    rng = random.Random(seed)
    made = Noisy(act_lines(rng, size), [])
    spoilt = set(rng.sample(range(size), round(size * share)))
    merged = set()
    for at, line in enumerate(made.ours):
        if line.key in merged:
            continue
        kind = rng.choice(NOISE) if at in spoilt else ""
        one = as_theirs(rng, line, own_numbers=own_numbers)
        group = [line]
        if kind == "merged":
            group += company(rng, made.ours[at + 1 :], line, merged, spoilt)
            merged |= {other.key for other in group}
        made.noise[kind] += 1
        spoil(rng, made, kind, one, group)
    rng.shuffle(made.theirs)
    return made


def company(rng, others, line, merged, spoilt):
    """One or two other operations of the same kind that the client entered together with it."""
    near = [
        other
        for other in others
        if other.key not in merged
        and other.key - 1 not in spoilt
        and bool(other.debit) == bool(line.debit)
        and abs((other.on - line.on).days) <= 1
    ]
    return near[: rng.choice([1, 2])]


def spoil(rng, made, kind, one, group):
    """Add what the client has of the group and note what is true."""
    ours = frozenset(line.key for line in group)
    key = len(made.theirs) + 10_001
    if kind == "missing":
        made.truth[0, group[0].key] = ("missing_with_them", frozenset())
        return
    if kind == "extra":
        stranger = cents(rng, 500, 400_000)
        extra = replace(one, key=key + 50_000, text=f"Приход (9{key} от {one.on:%d.%m.%Y})")
        extra = replace(extra, debit=stranger, credit=Decimal(0))
        made.theirs.append(extra)
        made.truth[1, extra.key] = ("missing_with_us", frozenset())
    if kind == "day":
        one = replace(one, on=one.on + timedelta(rng.choice([-3, -2, 2, 3])))
        one = replace(one, on=max(one.on, group[0].on - timedelta(3)))
        one = replace(one, on=min(one.on, group[0].on + timedelta(3)))
    if kind == "renamed":
        one = replace(one, text=f"Приход (8{rng.randrange(1_000, 9_000)})")
    if kind == "nameless":
        one = replace(one, text="Операция по договору")
    verdict = "matched"
    if kind == "amount":
        verdict, change = "different_amount", cents(rng, 1, 400)
        side = "debit" if one.debit else "credit"
        one = replace(one, **{side: getattr(one, side) + change})
    if kind == "merged":
        sums = {side: sum(getattr(x, side) for x in group) for side in ("debit", "credit")}
        one = replace(one, **sums)
    one = replace(one, key=key)
    made.theirs.append(one)
    made.truth[1, key] = (verdict, ours)
    made.truth |= {(0, line.key): (verdict, frozenset({key})) for line in group}


def verdicts(comparison):
    """What a comparison says about every line: (side, key) → (which of the four, partners)."""
    said = {}
    for name in ("matched", "different_amount", "missing_with_us", "missing_with_them"):
        for row in getattr(comparison, name):
            sides = [frozenset(line.key for line in side) for side in (row.ours, row.theirs)]
            for side in (0, 1):
                for key in sides[side]:
                    assert (side, key) not in said
                    said[side, key] = (name, sides[1 - side])
    return said
