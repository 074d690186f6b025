"""How sentences end."""

import re

_TWO_STOPS = re.compile(r"(?<=[^\W\d_]\.)\.(?!\.)")


def one_stop(text: str) -> str:
    """Return the text with one full stop where a shortened word ends a sentence: «Иванова И. И.».

    Three stops after a word are an omission and stay.
    """
    return _TWO_STOPS.sub("", text)
