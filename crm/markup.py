"""Text as HTML where a page has hundreds of pieces of it."""

from html import escape
from typing import Any

from django.utils.safestring import SafeString


def escaped(value: Any) -> str:
    """As Django's `conditional_escape`, which looks for lazy arguments before each call."""
    text = value if isinstance(value, str) else str(value)
    return text if isinstance(text, SafeString) else escape(text)
