"""Reasons that a file names: known ones, and those that the person decides about."""

from __future__ import annotations

from claims.importers.claim_facts import reason_key
from claims.models import ClaimReason
from crm.imports import synonyms
from crm.imports.registry import Run

ADD, REFUSE = "add", "refuse"
CODE = "file-{}"


class Reasons:
    """Finds and adds reasons for one file."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.unknown: str = run.options["new_reasons"]
        self.new: dict[str, str] = {}
        words = {
            word: code for code, known in synonyms.CLAIM_REASONS.items() for word in (code, *known)
        }
        rows = list(ClaimReason.objects.filter(archived_at=None))
        self.by_code = {row.code: row for row in rows}
        self.names: dict[str, str] = {
            reason_key(word): code for word, code in words.items() if code in self.by_code
        }
        for row in rows:
            for name in (row.name_ru, row.name_en):
                self.names[reason_key(name)] = row.code

    def refusal(self, text: str) -> bool:
        """Whether the file's reason is one that nobody here knows, and they are not added."""
        key = reason_key(text)
        if key in self.names:
            return False
        if self.unknown == REFUSE:
            return True
        if self.unknown == ADD:
            self.new.setdefault(key, text)
        else:
            self.names[key] = self.unknown
        return False

    def called(self, text: str) -> str:
        """How it will be called here."""
        code = self.names.get(reason_key(text))
        return str(self.by_code[code]) if code else text

    def create(self) -> None:
        """Add the reasons met since the last portion; a person names them in both languages."""
        order = max((row.order for row in self.by_code.values()), default=0)
        taken = ClaimReason.objects.filter(code__startswith=CODE.format("")).count()
        for place, (key, text) in enumerate(self.new.items(), start=1):
            row = ClaimReason.objects.create(
                code=CODE.format(taken + place),
                order=min(order + place, 32_000),
                name_ru=text,
                name_en=text,
            )
            self.run.journal.add(ClaimReason, [row.pk])
            self.run.count("reasons_created")
            self.by_code[row.code], self.names[key] = row, row.code
        self.new.clear()

    def find(self, text: str) -> int:
        """The key of the reason, after `create`."""
        return self.by_code[self.names[reason_key(text)]].pk
