"""Print a declared report: `manage.py report NAME key=value … [--as LOGIN] [--json]`."""

import json
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone, translation

from crm.accounts.models import User
from crm.accounts.scope import all_seeing
from crm.tabular import csv_cell
from reports import registry
from reports.running import ReportForm, Result, as_json, run


class Command(BaseCommand):
    help = "Print a report; without --as everything is seen. See --list for the names."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", nargs="?", help="which report")
        parser.add_argument("parameters", nargs="*", metavar="key=value")
        parser.add_argument("--as", dest="person", metavar="LOGIN", help="as this person sees it")
        parser.add_argument("--json", action="store_true", help="print one JSON object")
        parser.add_argument("--list", action="store_true", help="name the reports")

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override(settings.LANGUAGE_CODE):
            person = _person(options["person"])
            if options["list"]:
                self._list(person, options["json"])
            elif not options["name"]:
                raise CommandError("Name a report; --list shows them.")
            else:
                self._tell(_result(person, options), options["json"])

    def _list(self, person: User, as_object: bool) -> None:
        found = [
            {
                "name": one.name,
                "title": str(one.title),
                "parameters": [parameter.name for parameter in one.parameters],
            }
            for one in registry.open_to(person)
        ]
        if as_object:
            self.stdout.write(json.dumps(found, ensure_ascii=False))
            return
        for one in found:
            names = " ".join(f"{name}=…" for name in one["parameters"])
            self.stdout.write(f"{one['name']}: {one['title']}  {names}".rstrip())

    def _tell(self, result: Result, as_object: bool) -> None:
        if as_object:
            self.stdout.write(json.dumps(as_json(result), ensure_ascii=False))
            return
        lines = [result.header, *([csv_cell(v) for v in row] for row in result.values())]
        widths = [max(len(line[place]) for line in lines) for place in range(len(result.columns))]
        self.stdout.write(str(result.report.title))
        for line in lines:
            cells = (text.ljust(width) for text, width in zip(line, widths, strict=True))
            self.stdout.write("  ".join(cells).rstrip())
        for one in result.report.figures:
            self.stdout.write(f"{one.label}: {csv_cell(result.totals.get(one.name))}")


def _person(login: str | None) -> User:
    if not login:
        return all_seeing()
    person = User.objects.filter(username__iexact=login, is_active=True).first()
    if person is None:
        raise CommandError(f"Nobody works here under the login {login}.")
    return person


def _result(person: User, options: dict[str, Any]) -> Result:
    try:
        report = registry.get(options["name"])
    except KeyError:
        names = ", ".join(one.name for one in registry.reports())
        raise CommandError(f"There is no report {options['name']}. Known: {names}.") from None
    if not report.may_open(person):
        raise CommandError("This person may not open the report.")
    form = ReportForm(report, person, _pairs(options["parameters"]), timezone.localdate())
    if not form.is_valid():
        raise CommandError("\n".join(form.problems()))
    try:
        return run(report, person, form.cleaned_data)
    except PermissionDenied:
        raise CommandError("This person may not open the report.") from None


def _pairs(texts: list[str]) -> dict[str, str]:
    found = {}
    for text in texts:
        key, sign, value = text.partition("=")
        if not sign:
            raise CommandError(f"Write key=value, not {text}.")
        found[key.strip()] = value.strip()
    return found
