"""manage.py import_job_descriptions FILE [--dry-run] [--json]: drafts of job descriptions."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from crm.accounts.models import Role, User
from crm.errors import RuleViolation
from crm.library.actions import import_descriptions
from crm.library.actions.duties import Imported
from crm.library.forms import read_text


class Command(BaseCommand):
    help = "Read job descriptions of a text file as drafts of the library."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--by", default="", help="login; without it the first administrator")
        parser.add_argument("--dry-run", action="store_true", help="write nothing")
        parser.add_argument("--json", action="store_true", help="one JSON object on stdout")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = self._read(options)
        except (OSError, RuleViolation) as refusal:
            raise CommandError(str(refusal)) from refusal
        except ValidationError as refusal:
            raise CommandError("; ".join(refusal.messages)) from refusal
        found = report.as_json() | {"dry_run": options["dry_run"]}
        if options["json"]:
            self.stdout.write(json.dumps(found, ensure_ascii=False))
            return
        counts = {name: len(getattr(report, name)) for name in ("made", "changed", "same")}
        shown = ", ".join(f"{name} {count}" for name, count in counts.items())
        self.stdout.write(f"{shown}; duties {report.duties}, with screens {report.linked}")

    def _read(self, options: dict[str, Any]) -> Imported:
        text = read_text(options["file"].read_bytes())
        with transaction.atomic():
            report = import_descriptions(
                text, by=_person(options["by"]), today=timezone.localdate(), unit=None
            )
            transaction.set_rollback(options["dry_run"])
        return report


def _person(login: str) -> User:
    rows = User.objects.working()
    found = rows.filter(username=login) if login else rows.filter(role=Role.ADMIN).order_by("pk")
    person: User | None = found.first()
    if person is None:
        raise CommandError(f"Nobody is called {login}." if login else "There is no administrator.")
    return person
