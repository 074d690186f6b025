"""What a test declares to the product stands no longer than the test."""

from contextlib import contextmanager


@contextmanager
def taken_back(*registries):
    """Let these dicts hold what they held before, whatever is declared meanwhile."""
    before = [dict(known) for known in registries]
    try:
        yield
    finally:
        for known, was in zip(registries, before, strict=True):
            known.clear()
            known.update(was)
