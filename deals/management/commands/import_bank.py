"""Import a bank statement: 1CClientBankExchange text or DirectBank XML."""

from argparse import ArgumentParser
from typing import Any

from crm.imports.actions import ImportDone
from crm.imports.command import ImportCommand

NOTHING = (
    *("documents", "incoming", "outgoing", "own_transfers", "direction_unknown"),
    *("new", "duplicates", "matched", "unmatched"),
)


class Command(ImportCommand):
    help = (
        "Import a bank statement, all or nothing; see --dry-run. The accounts that the file "
        "declares as its own are ours and are named in the warnings when they are new."
    )
    kind = "bank"

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--own-account",
            action="append",
            default=[],
            metavar="NUMBER",
            help="a further account of ours; may be repeated, or a list divided by commas",
        )
        parser.add_argument(
            "--only-known-accounts",
            action="store_true",
            help="refuse a file of an account that is not among our own yet",
        )

    def _run(self, options: dict[str, Any]) -> ImportDone:
        named = [*options["own_account"], options["own_accounts"] or ""]
        options["own_accounts"] = ",".join(filter(None, named))
        options["accept_accounts"] = not options["only_known_accounts"]
        return super()._run(options)

    def _refusal(self, reason: str) -> dict[str, Any]:
        return {**dict.fromkeys(NOTHING, 0), **super()._refusal(reason), "warnings": []}
