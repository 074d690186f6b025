"""1CClientBankExchange: the text file of banks, in any of its encodings and line ends (D.12.1)."""

from __future__ import annotations

import codecs
import re
from datetime import date
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from crm.imports.reading import Limits, Unreadable
from deals.importers import bank_words as words
from deals.importers.bank_format import BankFile, Broken, Document, Section, Side, amount, day, side
from deals.importers.bank_format import sentence as told

RUSSIAN = ("utf-8", "cp1251", "cp866", "koi8-r")
MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
SAMPLE = 64 * 1024
DAMAGED = "\ufffd"
_GAPS = re.compile("[\u00a0\u202f\u2009\t\x0b\x0c]")
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f]")

Fields = dict[str, str]


def read_text(content: bytes, limits: Limits) -> BankFile:
    """Read the file; raises Unreadable for another kind of file and Broken with the line."""
    text, encoding = decode(content)
    reader = _Reader(limits)
    reader.file.encoding = encoding
    if DAMAGED in text:
        line = text.count("\n", 0, text.index(DAMAGED)) + 1
        reader.file.warnings.append(
            _("Some letters are damaged, the first of them in line %(line)s.") % {"line": line}
        )
    return reader.read(text)


def looks_like_text(content: bytes) -> bool:
    """Whether the signature stands in the first line."""
    head = content[:400]
    for mark, _encoding in MARKS:
        head = head.removeprefix(mark)
    return head.replace(b"\x00", b"").lstrip().lower().startswith(words.SIGNATURE.encode())


def decode(content: bytes) -> tuple[str, str]:
    """Text and encoding, found by the words of the format and not by what the file says."""
    for mark, encoding in MARKS:
        if content.startswith(mark):
            return _clean(content.decode(encoding, "replace")), encoding.removesuffix("-sig")
    encodings = ("utf-16-le",) if b"\x00" in content[:200] else RUSSIAN
    best = max(encodings, key=lambda encoding: _telling(content[:SAMPLE], encoding))
    if not _telling(content[:SAMPLE], best):
        raise not_a_statement()
    return _clean(content.decode(best, "replace")), best


def _telling(sample: bytes, encoding: str) -> int:
    text = sample.decode(encoding, "replace").casefold()
    return sum(text.count(word) for word in words.TELLING)


def _clean(text: str) -> str:
    """One line end and no characters that a database refuses."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n" if "\n" not in text else "")
    return _CONTROLS.sub("", text.lstrip("\ufeff"))


def not_a_statement() -> Unreadable:
    """The refusal of a file of another kind."""
    return Unreadable(
        _(
            "This is not a bank statement. Its first line is to be 1CClientBankExchange; "
            "DirectBank XML is read as well."
        )
    )


class _Reader:
    """Goes through the lines once."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.file = BankFile()
        self.header: Fields = {}
        self.section = ""  # the open one, as its opening word
        self.start = 0  # the line where it began
        self.fields: Fields = self.header
        self.kind = ""
        self.last_key = ""
        self.ended = False
        self.keys: dict[str, str] = {}

    def read(self, text: str) -> BankFile:
        number = 0
        for number, raw in enumerate(_GAPS.sub(" ", text).split("\n"), start=1):
            if line := raw.strip():
                self._line(number, line)
        if self.section:
            raise self._unclosed(number)
        if not self.ended:
            self.file.warnings.append(
                _("The file has no end mark: it may have been cut. Compare the balances.")
            )
        self._finish()
        return self.file

    def _line(self, number: int, line: str) -> None:
        name, sign, value = line.partition("=")
        key = self.keys.get(name)
        if key is None:
            key = name.strip().casefold().translate(words.SAME_LETTERS)
            self.keys[name] = key
        if key in words.MARKS or self._is_foreign_mark(key):
            self._mark(number, key, value.strip())
        elif sign:
            self._value(key, value.strip())
        elif self.last_key.startswith(words.PURPOSE):  # a line end inside the purpose
            self.fields[self.last_key] = f"{self.fields.get(self.last_key, '')} {line}".strip()

    def _value(self, key: str, value: str) -> None:
        """The first filled value of a repeated key holds."""
        self.last_key = key
        if key == words.ACCOUNT and not self.section:
            self.file.add_account(value.replace(" ", ""))
        if value and not self.fields.get(key):
            self.fields[key] = value

    def _is_foreign_mark(self, key: str) -> bool:
        """Begin or end of a section that we do not know."""
        if not key.isalpha():
            return False
        if not self.section:
            return key.startswith(words.SECTION)
        return self.section not in words.SHOWN and key.startswith(words.END)

    def _mark(self, number: int, key: str, value: str) -> None:
        if key == words.SIGNATURE or key in words.END_OF_FILE:
            self._border(number, key)
        elif key.startswith(words.SECTION):
            if self.section:
                raise self._unclosed(number)
            self.section, self.start, self.fields, self.kind = key, number, {}, value
        elif self.section and words.ENDS.get(self.section, key) == key:
            self._close(number)
        else:
            raise self._stray(number, key)
        self.last_key = ""

    def _border(self, number: int, key: str) -> None:
        """Beginning or end of the file; several statements may stand one after another."""
        if self.section:
            raise self._unclosed(number)
        self.ended = key in words.END_OF_FILE

    def _close(self, number: int) -> None:
        if self.section == words.ACCOUNT_SECTION:
            self.file.sections.append(self._account_section(self.start, number))
        elif self.section == words.DOCUMENT_SECTION:
            if len(self.file.documents) >= self.limits.rows:
                raise Unreadable(
                    _("The file has more than %(rows)s documents. Divide it.")
                    % {"rows": self.limits.rows}
                )
            self.file.documents.append(document(self.start, self.kind, self.fields))
        self.section, self.fields = "", self.header

    def _account_section(self, line: int, end: int) -> Section:
        fields = self.fields
        account = fields.get(words.ACCOUNT, "").replace(" ", "")
        try:
            first = day(fields.get(words.FIRST, "")) or day(self.header.get(words.FIRST, ""))
            last = day(fields.get(words.LAST, "")) or day(self.header.get(words.LAST, "")) or first
            sums = [
                amount(fields.get(name, ""))
                for name in (words.OPENING, words.RECEIVED, words.SPENT, words.CLOSING)
            ]
        except ValidationError as error:
            raise _bad_section(line, end, told(error)) from None
        if not account:
            raise _bad_section(line, end, _("It names no account."))
        first = first or last
        if first is None or last is None or last < first:
            raise _bad_section(line, end, _("Its period is not valid."))
        self.file.add_account(account)
        return Section(line, account, first, last, *sums)

    def _finish(self) -> None:
        self.file.sender = self.header.get(words.SENDER, "")
        try:
            self.file.first = day(self.header.get(words.FIRST, ""))
            self.file.last = day(self.header.get(words.LAST, ""))
        except ValidationError:
            self.file.warnings.append(_("The period in the header is not valid."))

    def _unclosed(self, number: int) -> Broken:
        name = words.SHOWN.get(self.section, self.section)
        return Broken(
            _(
                "The file is broken in line %(line)s: the section %(name)s of line %(start)s has "
                "no end. Nothing was imported; get the statement from the bank once more."
            )
            % {"line": number, "name": name, "start": self.start},
            number,
        )

    def _stray(self, number: int, key: str) -> Broken:
        return Broken(
            _(
                "The file is broken in line %(line)s: %(name)s ends a section that is not open. "
                "Nothing was imported; get the statement from the bank once more."
            )
            % {"line": number, "name": words.SHOWN.get(key, key)},
            number,
        )


def _bad_section(line: int, end: int, why: str) -> Broken:
    return Broken(
        _(
            "The account section in lines %(line)s–%(end)s cannot be read. %(why)s "
            "Nothing was imported."
        )
        % {"line": line, "end": end, "why": why},
        line,
    )


def document(line: int, kind: str, fields: Fields) -> Document:
    """A document of its fields; what cannot be read of it is its problem, not the file's."""
    problem = ""
    days: list[date | None] = []
    for name in (words.DAY, words.WRITTEN_OFF_ON, words.RECEIVED_ON):
        try:
            days.append(day(fields.get(name, "")))
        except ValidationError as error:
            days.append(None)
            problem = problem or told(error)
    money: Decimal | None = None
    try:
        money = amount(fields.get(words.AMOUNT, ""))
    except ValidationError as error:
        problem = problem or told(error)
    return Document(
        line=line,
        kind=kind[:100],
        number=fields.get(words.NUMBER, "")[:50],
        dated_on=days[0],
        amount=money,
        payer=_side(fields, words.PAYER),
        payee=_side(fields, words.PAYEE),
        written_off_on=days[1],
        received_on=days[2],
        purpose=_purpose(fields),
        problem=problem,
    )


def _side(fields: Fields, prefix: str) -> Side:
    name = fields.get(f"{prefix}1") or words.INN_BEFORE_NAME.sub("", fields.get(prefix, ""))
    return side(
        name=name,
        inn=fields.get(prefix + words.INN, ""),
        kpp=fields.get(prefix + words.KPP, ""),
        accounts=(
            fields.get(prefix + words.OWN_ACCOUNT, ""),
            fields.get(prefix + words.ACCOUNT_AT_BANK, ""),
        ),
        bic=fields.get(prefix + words.BIC, ""),
        bank=fields.get(prefix + words.BANK, ""),
    )


def _purpose(fields: Fields) -> str:
    whole = fields.get(words.PURPOSE, "")
    if whole:
        return whole
    parts = (fields.get(f"{words.PURPOSE}{number}", "") for number in range(1, 7))
    return " ".join(part for part in parts if part)
