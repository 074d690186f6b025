"""Import 1C's report about the debts of buyers as opening balances."""

from crm.imports.command import ImportCommand


class Command(ImportCommand):
    help = "Import debts and advances of buyers from a report of 1C; see --dry-run."
    kind = "receivables"
