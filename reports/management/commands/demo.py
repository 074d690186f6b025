"""Fill an empty database with demo data."""

import json
import time
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connections
from django.utils import timezone, translation

from clients.models import Client
from crm.errors import RuleViolation
from reports.demo.fill import (
    claim_debts,
    complain,
    fill,
    pay_for_results,
    plan_months,
    reconcile,
    roll_up,
    spend,
    tell_of_prices,
)
from reports.demo.scales import SCALES

# What is read for the notices of new prices and for acts of reconciliation.
COUNT = (
    "ANALYZE clients_client, clients_categoryassignment, deals_contract, deals_order,"
    " deals_orderline, deals_payment, deals_pricelistline, deals_shipment, deals_shipmentline"
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
        started = time.monotonic()
        with translation.override(settings.LANGUAGE_CODE):
            try:
                filled = fill(SCALES[options["scale"]], today=timezone.localdate())
            except RuleViolation as refusal:
                raise CommandError(str(refusal)) from None
            with connections["owner"].cursor() as cursor:
                cursor.execute(COUNT)
            tell_of_prices(today=timezone.localdate())
            reconcile(today=timezone.localdate())
            complain(SCALES[options["scale"]], today=timezone.localdate())
            claim_debts(today=timezone.localdate())
            plan_months(today=timezone.localdate())
            roll_up(today=timezone.localdate())
            pay_for_results(today=timezone.localdate())
            spend(today=timezone.localdate())
        with connections["owner"].cursor() as cursor:
            # What their indexes of words still have to sort in would make the first search slow.
            cursor.execute("VACUUM (ANALYZE) clients_clientsearch, clients_contactperson")
        facts = {**asdict(filled), "seconds": round(time.monotonic() - started, 1)}
        if options["json"]:
            self.stdout.write(json.dumps(facts))
        else:
            self.stdout.write(", ".join(f"{key} {value}" for key, value in facts.items()))
