"""Count the facts of months anew."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from crm.errors import RuleViolation
from crm.fields import parse_date
from reports.actions import rollup


class Command(BaseCommand):
    help = "Count the facts anew: what changed, one month (--month), or every month (--all)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        which = parser.add_mutually_exclusive_group()
        which.add_argument("--month", metavar="YYYY-MM", help="this month")
        which.add_argument("--all", action="store_true", help="every month with documents")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        found = self._counted(options["month"], everything=options["all"])
        months = [f"{month:%Y-%m}" for month in found.months]
        if options["json"]:
            self.stdout.write(json.dumps({"months": months, "changed": found.changed}))
        else:
            self.stdout.write(f"{', '.join(months) or '-'}: {found.changed} rows changed")

    def _counted(self, month: str | None, *, everything: bool) -> rollup.Counted:
        today = timezone.localdate()
        if everything:
            return rollup.count_all(today=today)
        if not month:
            return rollup.count_changes(today=today)
        try:
            day = parse_date(f"{month}-01")
            return rollup.count_month(rollup.check_month(day, today=today), today=today)
        except (ValidationError, RuleViolation) as refusal:
            text = "; ".join(getattr(refusal, "messages", [str(refusal)]))
            raise CommandError(text) from None
