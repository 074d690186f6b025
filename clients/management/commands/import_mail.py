"""manage.py import_mail: read the mailbox of the department now."""

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from clients.actions.mail import import_mail


class Command(BaseCommand):
    help = "Read new e-mails of the folder and file them under their clients."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="one JSON object on stdout")

    def handle(self, *args: Any, **options: Any) -> None:
        report = import_mail(today=timezone.localdate())
        if options["json"]:
            self.stdout.write(json.dumps(report.as_json(), ensure_ascii=False))
        elif report.configured and not report.error:
            figures = report.as_json()
            shown = (f"{name} {figures[name]}" for name in ("read", "filed", "unfiled", "known"))
            self.stdout.write(", ".join(shown))
        if not report.configured:
            raise CommandError("No mailbox: set MAIL_IMAP_HOST.")
        if report.error:
            if options["json"]:
                sys.exit(1)
            raise CommandError(report.error)
