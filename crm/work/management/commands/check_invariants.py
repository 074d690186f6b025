"""Checks what must hold in the whole database; status 1 when anything is violated."""

import sys
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from crm.work import invariants


class Command(BaseCommand):
    """Reads only; run it nightly and after a restored backup."""

    help = "Check what must hold in the whole database."

    def handle(self, *args: Any, **options: Any) -> None:
        found = invariants.violations(timezone.now())
        for name, rows in found.items():
            self.stdout.write(f"{name}: {', '.join(rows) if rows else 'ok'}")
        if any(found.values()):
            sys.exit(1)
