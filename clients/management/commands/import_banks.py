"""manage.py import_banks FILE: fill the directory of banks from a CSV of the Bank of Russia."""

import csv
import json
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from clients.actions.banks import NAMES, import_banks


class Command(BaseCommand):
    help = "Add and update banks by BIC from a CSV of the Bank of Russia (UTF-8, with a header)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="count, but write nothing")
        parser.add_argument("--json", action="store_true", help="one JSON object on stdout")

    def handle(self, *args: Any, **options: Any) -> None:
        started = time.monotonic()
        try:
            with options["file"].open(encoding="utf-8-sig", newline="") as file:
                done = import_banks(self._lines(file), dry_run=options["dry_run"])
        except (OSError, UnicodeDecodeError, csv.Error) as error:
            raise CommandError(f"{options['file']}: {error}") from error
        figures = {
            "rows": done.rows,
            "created": done.created,
            "updated": done.updated,
            "unchanged": done.unchanged,
            "refused": len(done.refused),
            "seconds": round(time.monotonic() - started, 3),
        }
        if options["json"]:
            self.stdout.write(json.dumps(figures))
            return
        self.stdout.write(", ".join(f"{key} {value}" for key, value in figures.items()))
        for number, reason in done.refused[:20]:
            self.stdout.write(f"line {number}: {reason}")

    def _lines(self, file: Any) -> csv.DictReader:
        """Lines by column name; the separator is found in the header."""
        header = file.readline()
        separator = ";" if header.count(";") > header.count(",") else ","
        names = [name.strip().strip('"').lower() for name in header.split(separator)]
        if not set(NAMES["bic"]) & set(names):
            raise CommandError("The header names no column bic.")
        return csv.DictReader(file, fieldnames=names, delimiter=separator)
