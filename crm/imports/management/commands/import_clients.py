"""Import clients from a CSV or XLSX file."""

from crm.imports.command import ImportCommand


class Command(ImportCommand):
    help = "Import clients from a CSV or XLSX file, all or nothing; see --dry-run."
    kind = "clients"
