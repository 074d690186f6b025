"""The Russian catalogue: one .po file that people edit and the .mo file compiled from it."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import polib

from crm.work.messages.extract import Message

_FOLDER = "locale/ru/LC_MESSAGES"
_HEADER = {
    "Project-Id-Version": "Klientura",
    "Language": "ru",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": (
        "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : "
        "n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);"
    ),
}
_FORMS = 3
_WIDTH = 100
_PLACEHOLDER = re.compile(r"%%|%\((\w+)\)[-#0-9.]*[a-zA-Z]|%[sd]|\{(\w*)[^{}]*\}")


def path_of(root: Path) -> Path:
    """Return the .po file of the product."""
    return root / _FOLDER / "django.po"


def load(path: Path) -> polib.POFile:
    """Read a catalogue, or return an empty one where there is none yet."""
    if path.exists():
        return polib.pofile(str(path), encoding="utf-8", wrapwidth=_WIDTH)
    return polib.POFile(encoding="utf-8", wrapwidth=_WIDTH)


def message_of(entry: polib.POEntry) -> Message:
    """Return what the entry translates."""
    return Message(entry.msgctxt or "", entry.msgid, entry.msgid_plural or "")


def rebuild(old: polib.POFile, found: dict[Message, list[str]]) -> polib.POFile:
    """Return a catalogue of exactly the found messages with the translations there were."""
    kept = {(entry.msgctxt or "", entry.msgid): entry for entry in old}
    new = polib.POFile(encoding="utf-8", wrapwidth=_WIDTH)
    new.metadata = dict(_HEADER)
    for message, files in sorted(unite(found).items(), key=lambda item: _order(item[0])):
        entry = _blank(message, files)
        _carry(kept.get((message.context, message.singular)), entry)
        new.append(entry)
    return new


def unite(found: dict[Message, list[str]]) -> dict[Message, list[str]]:
    """Let a plural message serve the same text asked for without a number."""
    with_plural = {(m.context, m.singular): m for m in found if m.plural}
    united: dict[Message, list[str]] = {}
    for message, files in found.items():
        target = with_plural.get((message.context, message.singular), message)
        united[target] = sorted({*united.get(target, []), *files})
    return united


def fill(target: polib.POFile, parts: Iterable[tuple[str, polib.POFile]]) -> Iterator[str]:
    """Fill untranslated entries from partial catalogues; yield what disagrees or is not asked."""
    wanted = {(entry.msgctxt or "", entry.msgid): entry for entry in target}
    for name, part in parts:
        for entry in part:
            if not any(_texts(entry)):
                continue
            own = wanted.get((entry.msgctxt or "", entry.msgid))
            if own is None:
                yield f"{name}: nobody asks for {entry.msgid!r}"
            elif not own.translated():
                _carry(entry, own)
            elif _texts(own) != _texts(entry):
                yield f"{name}: another translation is kept for {entry.msgid!r}"


def save(catalogue: polib.POFile, path: Path) -> None:
    """Write the .po file and compile the .mo file beside it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    catalogue.save(str(path))
    path.with_suffix(".mo").write_bytes(catalogue.to_binary())


def entry_problems(entry: polib.POEntry) -> Iterator[str]:
    """Yield what is wrong with one translation."""
    texts = _texts(entry)
    if not texts or not all(texts):
        yield f"untranslated: {entry.msgid!r}"
        return
    if entry.fuzzy:
        yield f"fuzzy: {entry.msgid!r}"
    if entry.msgid_plural and len(texts) != _FORMS:
        yield f"needs {_FORMS} plural forms: {entry.msgid!r}"
    asked = _placeholders(entry.msgid) | _placeholders(entry.msgid_plural or "")
    for text in texts:
        if strange := _placeholders(text) - asked:
            yield f"placeholders {sorted(strange)} are not in {entry.msgid!r}"
        if not entry.msgid_plural and (lost := asked - _placeholders(text)):
            yield f"placeholders {sorted(lost)} are lost in the translation of {entry.msgid!r}"


def _placeholders(text: str) -> set[str]:
    """Return the names a text expects to be given, %% being a sign and no name."""
    return {found.group() for found in _PLACEHOLDER.finditer(text) if found.group() != "%%"}


def _texts(entry: polib.POEntry) -> list[str]:
    """Return the translation, or its plural forms in order."""
    if entry.msgid_plural:
        return [text for _form, text in sorted(entry.msgstr_plural.items())]
    return [entry.msgstr]


def _blank(message: Message, files: list[str]) -> polib.POEntry:
    """Return an untranslated entry."""
    entry = polib.POEntry(
        msgctxt=message.context or None,
        msgid=message.singular,
        msgid_plural=message.plural,
        occurrences=[(name, "") for name in files],
    )
    if message.plural:
        entry.msgstr_plural = dict.fromkeys(range(_FORMS), "")
    if "%(" in message.singular + message.plural:
        entry.flags.append("python-format")
    return entry


def _carry(source: polib.POEntry | None, target: polib.POEntry) -> None:
    """Copy a translation of the same shape with its fuzzy mark and its notes."""
    if source is None or bool(source.msgid_plural) != bool(target.msgid_plural):
        return
    target.msgstr, target.tcomment = source.msgstr, source.tcomment
    if target.msgid_plural:
        target.msgstr_plural = dict(source.msgstr_plural)
    if source.fuzzy:
        target.flags.append("fuzzy")


def _order(message: Message) -> tuple[str, str]:
    """Sort by text, so that a change of code moves no lines."""
    return message.singular.casefold() + message.singular, message.context
