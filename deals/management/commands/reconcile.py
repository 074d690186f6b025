"""Reconciliations without a browser: the schedule of a half-year, the act of a client."""

from __future__ import annotations

import json
import re
from argparse import ArgumentTypeError
from datetime import date
from pathlib import Path
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from clients.models import Client
from crm.accounts.models import User
from crm.errors import RuleViolation
from crm.money import amount_in_words
from deals.act_comparing import VERDICTS
from deals.actions.acts import ZERO, Period, balance_of, words_of
from deals.actions.differences import compare_statement, compare_with
from deals.actions.reconciliation_schedules import Half, generate_schedules
from deals.comparing.records import Found, total
from deals.comparing.wording import sentence
from deals.models import ReconciliationAct, ReconciliationSchedule

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
    help = (
        "schedule 2027H1: draw up the half-year; act CLIENT FROM TO: the act of a client; "
        "match ACT FILE: an act compared with the client's statement."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parts = parser.add_subparsers(dest="part", required=True)
        schedule = parts.add_parser("schedule")
        schedule.add_argument("half", type=half_of)
        act = parts.add_parser("act")
        act.add_argument("client", help="code or key of the client")
        act.add_argument("first", type=day_of)
        act.add_argument("last", type=day_of)
        match = parts.add_parser("match")
        match.add_argument("act", help="number of the act")
        match.add_argument("file", type=Path, help="the client's statement: XLSX, CSV, PDF")
        match.add_argument("--save", action="store_true", help="keep it and make the protocol")
        match.add_argument("--by", help="login of the person who saves it")
        for part in (schedule, act, match):
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

    def _match(self, options: dict[str, Any]) -> dict[str, Any]:
        act = _act(options["act"])
        by = _person(options["by"]) if options["save"] else None
        try:
            content = options["file"].read_bytes()
            compared = compare_with(act, content)
            saved = by and compare_statement(
                act.pk,
                by=by,
                name=options["file"].name,
                content=content,
                today=timezone.localdate(),
            )
        except (OSError, RuleViolation, PermissionDenied) as refusal:
            raise CommandError(str(refusal) or "This person may not compare the act.") from None
        return {
            "act": act.number,
            **{name: _counted(getattr(compared.found, name), name) for name in VERDICTS},
            "ours": f"{compared.closing:.2f}",
            "theirs": f"{compared.their_closing:.2f}",
            "difference": f"{compared.closing - compared.their_closing:.2f}",
            "warnings": [sentence(remark) for remark in compared.statement.warnings],
            "saved": bool(saved),
        }


def _counted(rows: tuple[Found, ...], verdict: str) -> dict[str, Any]:
    """How many, and what they do to our balance, or to the difference of both."""
    values = (total(row.ours) if verdict == "matched" else row.difference for row in rows)
    return {"count": len(rows), "sum": f"{sum(values, ZERO):.2f}"}


def _act(number: str) -> ReconciliationAct:
    rows = ReconciliationAct.objects.select_related("client", "counterparty")
    found = rows.filter(number=number).first()
    if found is None:
        raise CommandError(f"No act {number}.")
    return found


def _person(login: str | None) -> User:
    found = User.objects.filter(username=login or "", is_active=True).first()
    if found is None:
        raise CommandError("--save needs --by with the login of a person.")
    return found


def _client(text: str) -> Client:
    rows = Client.objects.all()
    found = rows.filter(code=text).first() or rows.filter(external_id=text).first()
    if found is None and text.isdigit():
        found = rows.filter(pk=int(text)).first()
    if found is None:
        raise CommandError(f"No client {text}.")
    return found
