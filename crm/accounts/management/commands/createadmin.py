"""The first administrator of an installation."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from crm.accounts.actions import create_user
from crm.accounts.models import Role
from crm.errors import RuleViolation


class Command(BaseCommand):
    help = (
        "Add an administrator and print the temporary password once. Everything else is done in "
        "the product: sign in, change the password, turn on two-step sign-in, add people."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("login", help="Latin letters, digits, dots, dashes.")
        parser.add_argument("--surname", default="Administrator")
        parser.add_argument("--name", default="")
        parser.add_argument("--email", default="")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            new = create_user(
                by=None,
                username=options["login"],
                last_name=options["surname"],
                first_name=options["name"],
                email=options["email"],
                role=Role.ADMIN,
            )
        except RuleViolation as refusal:
            raise CommandError(str(refusal)) from None
        self.stdout.write(f"Login: {new.person.username}")
        self.stdout.write(f"Temporary password: {new.password}")
