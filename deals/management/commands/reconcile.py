"""Reconciliations without a browser: the schedule of a half-year, the act of a client."""

from __future__ import annotations

import json
import re
from argparse import ArgumentTypeError
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from clients.models import Client
from crm.money import amount_in_words
from deals.actions.acts import Period, balance_of, words_of
from deals.actions.reconciliation_schedules import Half, generate_schedules
from deals.models import ReconciliationSchedule

HALF = re.compile(r"(\d{4})H([12])")


def half_of(text: str) -> Half:
    """2027H1 as a half-year."""
    found = HALF.fullmatch(text.upper())
    if not found:
        raise ArgumentTypeError("A half-year looks like 2027H1.")
    return Half(int(found[1]), int(found[2]))


def day_of(text: str) -> date:
    """2026-10-31 as a day."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError("A day looks like 2026-10-31.") from None


class Command(BaseCommand):
    help = "schedule 2027H1: draw up the half-year; act CLIENT FROM TO: the act of a client."

    def add_arguments(self, parser: CommandParser) -> None:
        parts = parser.add_subparsers(dest="part", required=True)
        schedule = parts.add_parser("schedule")
        schedule.add_argument("half", type=half_of)
        act = parts.add_parser("act")
        act.add_argument("client", help="code or key of the client")
        act.add_argument("first", type=day_of)
        act.add_argument("last", type=day_of)
        for part in (schedule, act):
            part.add_argument("--json", action="store_true", help="one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        told = getattr(self, f"_{options['part']}")(options)
        if options["json"]:
            self.stdout.write(json.dumps(told, ensure_ascii=False))
            return
        for name, value in told.items():
            self.stdout.write(f"{name}: {value}")

    def _schedule(self, options: dict[str, Any]) -> dict[str, Any]:
        half = options["half"]
        added = generate_schedules(half)
        rows = ReconciliationSchedule.objects.filter(year=half.year, half=half.half)
        return {
            "half": f"{half.year}H{half.half}",
            "added": added,
            "schedules": [
                {"department": row.org_unit.name, "state": row.state, "items": row.items.count()}
                for row in rows.select_related("org_unit")
            ],
        }

    def _act(self, options: dict[str, Any]) -> dict[str, Any]:
        if options["first"] > options["last"]:
            raise CommandError("The period ends before it begins.")
        client = _client(options["client"])
        found = balance_of(client.pk, Period(options["first"], options["last"]))
        return {
            "client": client.name,
            "from": options["first"].isoformat(),
            "to": options["last"].isoformat(),
            "opening": f"{found.opening:.2f}",
            "debit": f"{found.debit:.2f}",
            "credit": f"{found.credit:.2f}",
            "closing": f"{found.closing:.2f}",
            "words": amount_in_words(abs(found.closing)),
            "lines": [
                [
                    entry.day.isoformat(),
                    words_of(entry),
                    f"{entry.debit:.2f}",
                    f"{entry.credit:.2f}",
                ]
                for entry in found.entries
            ],
        }


def _client(text: str) -> Client:
    rows = Client.objects.all()
    found = rows.filter(code=text).first() or rows.filter(external_id=text).first()
    if found is None and text.isdigit():
        found = rows.filter(pk=int(text)).first()
    if found is None:
        raise CommandError(f"No client {text}.")
    return found
