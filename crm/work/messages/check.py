"""Everything that keeps the Russian interface complete, as one list of problems."""

from collections.abc import Iterator
from pathlib import Path

from crm.work.messages import catalogue
from crm.work.messages.extract import Message, extract
from crm.work.messages.russian import russian_literals


def problems(root: Path) -> Iterator[str]:
    """Yield every missing, stale, untranslated, fuzzy or spoiled message and Russian literal."""
    extraction = extract(root)
    yield from extraction.problems
    yield from two_plurals(extraction.found)
    path = catalogue.path_of(root)
    current = catalogue.load(path)
    known = {catalogue.message_of(entry): entry for entry in current}
    asked = catalogue.unite(extraction.found)
    for message, files in asked.items():
        if message not in known:
            yield f"missing: {message.singular!r} ({files[0]})"
    for message, entry in known.items():
        if message not in asked:
            yield f"stale: {message.singular!r}"
        else:
            yield from catalogue.entry_problems(entry)
    compiled = path.with_suffix(".mo")
    if not compiled.exists() or compiled.read_bytes() != current.to_binary():
        yield f"{compiled.name} is out of date: run manage.py messages"
    yield from russian_literals(root)


def two_plurals(found: dict[Message, list[str]]) -> Iterator[str]:
    """Yield texts asked for with two different plurals: gettext can hold only one."""
    plurals: dict[tuple[str, str], str] = {}
    for message in found:
        if message.plural:
            first = plurals.setdefault((message.context, message.singular), message.plural)
            if first != message.plural:
                yield f"two plurals of {message.singular!r}: {first!r} and {message.plural!r}"
