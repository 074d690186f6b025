"""Import documents of sale from a CSV or XLSX file, packed or not."""

from crm.imports.command import ImportCommand


class Command(ImportCommand):
    help = "Import sales, returns and adjustments, all or nothing; see --dry-run."
    kind = "sales"
