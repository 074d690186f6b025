"""The base of the commands that import a file; each kind has a command of its own."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError
from django.utils import timezone, translation

from crm.accounts.models import User
from crm.errors import RuleViolation
from crm.imports import actions, registry
from crm.imports.actions import ImportDone

COUNTS = ("rows", "created", "updated", "unchanged", "refused")
SHOWN_REMARKS = 20


class ImportCommand(BaseCommand):
    """`import_<kind> FILE`: all or nothing; refused rows do not make it fail."""

    kind: ClassVar[str]

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="the file to read")
        parser.add_argument(
            "--dry-run", action="store_true", help="check everything, write nothing"
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object")
        parser.add_argument("--by", metavar="LOGIN", help="who imports; else the command line")
        parser.add_argument(
            "--mapping",
            nargs="+",
            default=[],
            metavar="FIELD=COLUMN",
            help="correct the guessed columns; an empty column leaves the field out",
        )
        for option in registry.get(self.kind).options:
            try:
                field: forms.Field = option.field(None)
            except OperationalError:  # `--help` without a database: what it offers is not known
                field = forms.CharField()
            _add_option(parser, option.name, field)

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002  (as Django calls it)
        with translation.override(settings.LANGUAGE_CODE):
            try:
                done = self._run(options)
            except (RuleViolation, PermissionDenied, OSError) as refusal:
                self._refuse(options, str(refusal) or "This person may not import such files.")
                return
        self._tell(done, options)

    def _run(self, options: dict[str, Any]) -> ImportDone:
        kind = registry.get(self.kind)
        path = Path(options["file"])
        chosen = {o.name: options[o.name] for o in kind.options if options[o.name] is not None}
        return actions.import_file(
            self.kind,
            by=_person(options["by"]),
            file_name=path.name,
            content=path.read_bytes(),
            columns=dict(_pair(text) for text in options["mapping"]),
            options=chosen,
            now=timezone.now(),
            dry=options["dry_run"],
        )

    def _tell(self, done: ImportDone, options: dict[str, Any]) -> None:
        summary = done.summary
        facts: dict[str, Any] = {name: getattr(summary, name) for name in COUNTS}
        facts |= {"seconds": round(done.seconds, 3), "warnings": summary.warnings, **summary.facts}
        if options["json"]:
            facts |= {"dry_run": options["dry_run"], "notes": summary.notes}
            self.stdout.write(json.dumps(facts, ensure_ascii=False))
        else:
            plain = {n: v for n, v in facts.items() if not isinstance(v, list | dict)}
            self.stdout.write(", ".join(f"{name} {value}" for name, value in plain.items()))
            for note in summary.notes:
                self.stdout.write(note)
        for remark in summary.remarks[:SHOWN_REMARKS]:
            self.stderr.write(f"{remark.line.number}: {remark.reason}")
        if len(summary.remarks) > SHOWN_REMARKS:
            self.stderr.write(f"… {len(summary.remarks) - SHOWN_REMARKS}")

    def _refuse(self, options: dict[str, Any], reason: str) -> None:
        """The file as a whole is refused: nothing was written, the status is not zero."""
        if options["json"]:
            self.stdout.write(json.dumps(self._refusal(reason), ensure_ascii=False))
        self.stderr.write(reason)
        sys.exit(1)

    def _refusal(self, reason: str) -> dict[str, Any]:
        """What a refused file answers as JSON; a kind with further counts adds them."""
        return {**dict.fromkeys(COUNTS, 0), "seconds": 0, "error": reason}


def _add_option(parser: ArgumentParser, name: str, field: forms.Field) -> None:
    flag = f"--{name.replace('_', '-')}"
    text = str(field.help_text or field.label or "").replace("%", "%%")
    if isinstance(field, forms.BooleanField):
        parser.add_argument(flag, action="store_true", default=None, dest=name, help=text)
    elif isinstance(field, forms.ChoiceField) and not isinstance(field, forms.ModelChoiceField):
        choices: Any = field.choices
        values = [str(value) for value, _label in choices if value]
        parser.add_argument(flag, choices=values, dest=name, help=text)
    else:
        parser.add_argument(flag, dest=name, help=text)


def _person(login: str | None) -> User | None:
    if login is None:
        return None
    person = User.objects.working().filter(username__iexact=login).first()
    if person is None:
        raise CommandError(f"Nobody signs in as {login}.")
    return person


def _pair(text: str) -> tuple[str, str]:
    field, sign, column = text.partition("=")
    if not sign:
        raise CommandError(f"--mapping takes FIELD=COLUMN, not {text}")
    return field.strip(), column.strip()
