"""Import invoices with due and settled days from a CSV or XLSX file."""

from crm.imports.command import ImportCommand


class Command(ImportCommand):
    help = "Import invoices and the payments that settled them, all or nothing; see --dry-run."
    kind = "invoices"
