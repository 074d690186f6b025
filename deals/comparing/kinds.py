"""What kind of operation the text of a line names, in the words of either side."""

from __future__ import annotations

import re
from functools import lru_cache

_KINDS = (
    ("return", r"возврат\w* (?:от|товар|постав)|возврат\w* покупател|укд"),
    ("refund", r"возврат\w* (?:денеж|оплат|аванс|средств)|возврат"),
    ("adjustment", r"корректировк|исправлен|взаимозач|зач[её]т|списание задолж"),
    (
        "payment",
        r"оплат|плат[её]ж|п/п|пп№|поступлени\w* (?:на|от покуп)|списани\w* с|банк|касс|пко|рко",
    ),
    (
        "shipment",
        r"реализац|продаж|отгруз|поступлени|приход|покупк|закупк|накладн|упд|торг-?12|товар|акт\b",
    ),
)
_WORDS = tuple((kind, re.compile(rf"(?<!\w)(?:{words})", re.IGNORECASE)) for kind, words in _KINDS)


@lru_cache(maxsize=20_000)
def kind_of(text: str) -> str:
    """The kind of operation, "" where the text names none: one word for both sides' names of it."""
    return next((kind for kind, words in _WORDS if words.search(text)), "")
