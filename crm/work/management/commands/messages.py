"""manage.py messages: keep the Russian catalogue in step with the code."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser


class Command(BaseCommand):
    help = "Extract messages, keep translations, compile; with --check only report problems."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="change nothing, exit 1 if wrong")
        parser.add_argument(
            "--merge", type=Path, metavar="DIR", help="fill gaps from the .po files of a folder"
        )

    def handle(self, *args: Any, check: bool, merge: Path | None, **options: Any) -> None:
        """Bring the catalogue up to date, or with --check tell what is wrong."""
        root = Path(settings.BASE_DIR)
        if check:
            self._check(root)
        else:
            self._update(root, merge)

    def _check(self, root: Path) -> None:
        """List the problems; raises CommandError (exit 1) when there is any."""
        from crm.work.messages.check import problems

        found = list(problems(root))
        for problem in found:
            self.stderr.write(problem)
        if found:
            raise CommandError(f"{len(found)} problems in translations.")
        self.stdout.write("Translations are complete.")

    def _update(self, root: Path, merge: Path | None) -> None:
        """Rebuild the catalogue from the code, fill it from partial files and compile it."""
        from crm.work.messages import catalogue
        from crm.work.messages.extract import extract

        extraction = extract(root)
        for problem in extraction.problems:
            self.stderr.write(problem)
        path = catalogue.path_of(root)
        current = catalogue.rebuild(catalogue.load(path), extraction.found)
        if merge is not None:
            parts = ((part.name, catalogue.load(part)) for part in sorted(merge.glob("*.po")))
            for remark in catalogue.fill(current, parts):
                self.stderr.write(remark)
        catalogue.save(current, path)
        gaps = current.untranslated_entries()
        self.stdout.write(f"{len(current)} messages, {len(gaps)} without a translation.")
