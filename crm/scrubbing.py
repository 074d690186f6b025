"""Addresses that are secrets themselves are kept nowhere whole: neither in logs nor in history.

Personal links (`/acts/<token>/`, `/feedback/<token>/`) open something of a client to whoever has
them.
"""

import logging
import re

_SECRET = re.compile(r"((?:/|%2f)(?:acts|feedback)(?:/|%2f))[^/\s?&%#\"']+", re.IGNORECASE)


def scrub(text: str) -> str:
    """The text with the tokens of personal links left out."""
    return _SECRET.sub(r"\1***", text)


class SecretPaths(logging.Filter):
    """Takes them out of lines that Django itself writes of refused requests."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = scrub(str(record.msg))
        if isinstance(record.args, tuple):
            record.args = tuple(scrub(a) if isinstance(a, str) else a for a in record.args)
        return True
