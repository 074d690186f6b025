"""Import the figures of a monthly plan from a CSV or XLSX file."""

from crm.imports.command import ImportCommand


class Command(ImportCommand):
    help = "Import a monthly plan that is being made (--plan ID), all or nothing; see --dry-run."
    kind = "plan"
