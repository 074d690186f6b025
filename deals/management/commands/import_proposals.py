"""Import proposals from a CSV or XLSX file."""

from crm.imports.command import ImportCommand


class Command(ImportCommand):
    help = "Import proposals with their states and products, all or nothing; see --dry-run."
    kind = "proposals"
