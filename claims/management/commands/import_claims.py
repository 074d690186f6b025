"""Import claims and returns with reasons from a CSV or XLSX file, packed or not."""

from crm.imports.command import ImportCommand


class Command(ImportCommand):
    help = "Import claims and returns with reasons, all or nothing; see --dry-run."
    kind = "claims"
