"""Import a file of CommerceML."""

from crm.imports.command import ImportCommand


class Command(ImportCommand):
    help = "Import counterparties, documents and the catalogue of CommerceML; see --dry-run."
    kind = "commerceml"
