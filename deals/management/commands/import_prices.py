"""Import prices from a CSV or XLSX file into a draft of a price list."""

from crm.imports.command import ImportCommand


class Command(ImportCommand):
    help = "Import prices into a draft (--price-list ID), all or nothing; see --dry-run."
    kind = "prices"
