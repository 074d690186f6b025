"""What becomes of a document of the file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from deals.importers.commerceml.content import Paper
from deals.importers.commerceml.operations import Fate


@dataclass(frozen=True)
class Plan:
    """A document that is to be written."""

    paper: Paper
    fate: Fate
    external_id: str

    @property
    def day(self) -> date:
        """Its day: one without a day is refused before."""
        assert self.paper.day is not None
        return self.paper.day

    def grounds(self, *fates: Fate) -> list[str]:
        """External ids that the document named as its ground may have."""
        basis = self.paper.basis
        return [basis, *(f"commerceml:{fate}:{basis}" for fate in fates)] if basis else []
