"""How sentences end."""

import re

from crm.said import Said

_TWO_STOPS = re.compile(r"(?<=[^\W\d_]\.)\.(?!\.)")


def one_stop(text: str) -> str:
    """Return the text with one full stop where a shortened word ends a sentence: «Иванова И. И.».

    Three stops after a word are an omission and stay. What is said in each language stays so.
    """
    if isinstance(text, Said):
        return Said({code: one_stop(words) for code, words in text.each.items()})
    return _TWO_STOPS.sub("", str(text))
