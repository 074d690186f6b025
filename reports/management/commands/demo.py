"""Fill an empty database with demo data."""

import json
import time
from argparse import ArgumentParser
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import asdict
from datetime import date
from typing import Any, TypeVar

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connections
from django.utils import timezone, translation

from clients.models import Client
from crm.errors import RuleViolation
from reports.demo.bare import as_owner
from reports.demo.fill import (
    Filled,
    claim_debts,
    close,
    complain,
    fill,
    pay_for_results,
    plan_months,
    reconcile,
    roll_up,
    silence,
    spend,
    tell_of_prices,
)
from reports.demo.scales import SCALES, Scale

T = TypeVar("T")
# What is read for the notices of new prices and for acts of reconciliation.
COUNT = (
    "ANALYZE clients_client, clients_categoryassignment, deals_contract, deals_order,"
    " deals_orderline, deals_payment, deals_pricelistline, deals_shipment, deals_shipmentline"
)
FACTS = "ANALYZE reports_clientmonth, reports_kpisnapshot"  # what plans are made by
# What the grounds of variable pay are looked for in.
GROUNDS = (
    "ANALYZE clients_clientassignment, clients_registrationsheet, deals_invoice,"
    " deals_reconciliationitem, reports_clientmonth, reports_planline, reports_planpart"
)


class Command(BaseCommand):
    help = "Fill an empty database with a believable department (DEBUG or DEMO=1 only)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--scale", choices=sorted(SCALES), default="small")
        parser.add_argument("--if-empty", action="store_true", help="do nothing when filled")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Demo data needs DEBUG=1 or DEMO=1.")
        if options["if_empty"] and Client.objects.exists():
            return
        self.tells = options["verbosity"] > 1
        started = time.monotonic()
        scale = SCALES[options["scale"]]
        role = as_owner() if scale.is_large else nullcontext()
        with translation.override(settings.LANGUAGE_CODE), role:
            filled = self._fill(scale, timezone.localdate())
        with connections["owner"].cursor() as cursor:
            # What their indexes of words still have to sort in would make the first search slow.
            cursor.execute("VACUUM (ANALYZE) clients_clientsearch, clients_contactperson")
        facts = {**asdict(filled), "seconds": round(time.monotonic() - started, 1)}
        if options["json"]:
            self.stdout.write(json.dumps(facts))
        else:
            self.stdout.write(", ".join(f"{key} {value}" for key, value in facts.items()))

    def _fill(self, scale: Scale, today: date) -> Filled:
        """Step by step: later ones read what the earlier ones wrote."""
        try:
            filled = self._timed("clients", lambda: fill(scale, today=today))
        except RuleViolation as refusal:
            raise CommandError(str(refusal)) from None
        with connections["owner"].cursor() as cursor:
            cursor.execute(COUNT)
        self._timed("prices", lambda: tell_of_prices(today=today))
        self._timed("reconciliations", lambda: reconcile(scale, today=today))
        self._timed("claims", lambda: complain(scale, today=today))
        self._timed("debts", lambda: claim_debts(today=today))
        self._timed("facts", lambda: roll_up(scale, today=today))
        with connections["owner"].cursor() as cursor:
            cursor.execute(FACTS)
        self._timed("plans", lambda: plan_months(scale, today=today))
        self._timed("closing", lambda: close(today=today))
        with connections["owner"].cursor() as cursor:
            cursor.execute(GROUNDS)
        self._timed("pay", lambda: pay_for_results(today=today))
        self._timed("costs", lambda: spend(today=today))
        silence(now=timezone.now())
        return filled

    def _timed(self, name: str, step: Callable[[], T]) -> T:
        """What the step gives; `-v 2` tells how long each has taken."""
        started = time.monotonic()
        made = step()
        if self.tells:
            self.stderr.write(f"{name}: {time.monotonic() - started:.1f} s")
        return made
