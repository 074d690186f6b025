"""How much of everything each scale holds."""

from dataclasses import dataclass

LARGE = 4_000  # clients


@dataclass(frozen=True)
class Scale:
    """Sizes of a demo company; `contacts` is the aim, the real number follows the norms."""

    name: str
    departments: int
    sectors: int  # per department
    managers: int  # per sector
    clients: int
    contacts: int
    months: int  # of contact history
    plan_months: int
    decisions: int  # requests that wait
    shipments: int  # documents of sale, about
    unmatched: int  # payments of unknown payers
    orders: int  # of the shipments; about six in seven of them come to be
    waiting: int = 0  # contracts that wait for the director, beside the others
    claims: int = 0  # of two years, about; 0: a year of them, by what was sold

    @property
    def is_large(self) -> bool:
        """Whether indexes that are built at the end are worth their taking away."""
        return self.clients >= LARGE


SCALES = {
    "small": Scale("small", 2, 2, 3, 260, 9_000, 18, 18, 9, 4_700, 9, 1_500),
    "department": Scale("department", 2, 4, 4, 5_000, 120_000, 18, 6, 30, 60_000, 25, 25_000),
    "company": Scale(
        "company", 6, 4, 7, 100_000, 1_000_000, 18, 3, 60, 710_000, 120, 356_000, 5_000, 200_000
    ),
}
