"""The dossier of a client: what it has to hold, what is wanting, what ends (DL-17)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from clients.models import Client
from crm.accounts.models import User
from crm.work.registry import setting
from deals.models import ClientDocument, ClientDocumentKind
from deals.receivables.ageing import parse_steps


@dataclass(frozen=True)
class DossierLine:
    """A kind of paper with its newest good document, or none."""

    kind: str
    document: ClientDocument | None
    is_required: bool
    today: date

    @property
    def label(self) -> str:
        return str(ClientDocumentKind(self.kind).label)

    @property
    def is_missing(self) -> bool:
        """Wanted, and there is none that is good today."""
        return self.is_required and (self.document is None or self.is_over)

    @property
    def is_over(self) -> bool:
        valid_to = self.document.valid_to if self.document else None
        return valid_to is not None and valid_to < self.today

    @property
    def days_left(self) -> int | None:
        """Calendar days to the end, where it comes within the steps of the alerts."""
        valid_to = self.document.valid_to if self.document else None
        if valid_to is None or self.is_over:
            return None
        left = (valid_to - self.today).days
        return left if left <= max(parse_steps(setting("contract.end_alerts"))) else None


@dataclass(frozen=True)
class Dossier:
    """The papers of one client as they stand today."""

    lines: list[DossierLine]

    @property
    def required(self) -> int:
        return sum(line.is_required for line in self.lines)

    @property
    def missing(self) -> list[DossierLine]:
        return [line for line in self.lines if line.is_missing]

    @property
    def complete(self) -> int:
        """How many of the required kinds are there."""
        return self.required - len(self.missing)

    @property
    def percent(self) -> int:
        return 100 if not self.required else 100 * self.complete // self.required


def required_kinds() -> list[str]:
    """Kinds that every client has to give, by the setting."""
    wanted = setting("dossier.required")
    return [kind for kind in ClientDocumentKind.values if kind in wanted]


def dossier_of(client: Client, user: User, today: date) -> Dossier:
    """Required kinds first, then what else there is; of each kind the document good longest."""
    rows = ClientDocument.objects.visible_to(user).filter(client=client).open()
    best = _best(rows.select_related("checked_by"))
    wanted = required_kinds()
    kinds = [*wanted, *(kind for kind in ClientDocumentKind.values if kind not in wanted)]
    return Dossier(
        [
            DossierLine(kind, best.get(kind), kind in wanted, today)
            for kind in kinds
            if kind in wanted or kind in best
        ]
    )


def _best(documents: Iterable[ClientDocument]) -> dict[str, ClientDocument]:
    found: dict[str, ClientDocument] = {}
    for document in documents:
        known = found.get(document.kind)
        if known is None or _end(document) > _end(known):
            found[document.kind] = document
    return found


def _end(document: ClientDocument) -> date:
    return document.valid_to or date.max
