"""The declaration of the import of bank statements."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.imports import registry
from crm.imports.journal import Journal, ids_of
from crm.imports.models import ImportJob
from crm.imports.registry import ImportField, ImportKind, ImportOption
from deals import permissions
from deals.actions.allocations import lock_invoices
from deals.importers.bank_format import is_account
from deals.importers.bank_reading import COLUMNS, read_table
from deals.importers.bank_rows import Statement
from deals.importers.onward import unknown_payers
from deals.models import Allocation, BankStatement, OwnAccount, Payment

if TYPE_CHECKING:
    from crm.accounts.models import User

LABELS = {
    "number": gettext_lazy("Number"),
    "date": gettext_lazy("Date"),
    "amount": gettext_lazy("Amount"),
    "payer": gettext_lazy("Payer"),
    "payee": gettext_lazy("Payee"),
    "purpose": gettext_lazy("Purpose"),
}


def register_kind() -> None:
    """Declare statements of the bank."""
    registry.register(
        ImportKind(
            kind="bank",
            label=gettext_lazy("Bank statement"),
            description=gettext_lazy(
                "1CClientBankExchange (kl_to_1c.txt) of any bank, or the XML of DirectBank."
            ),
            icon="building-bank",
            fields=[ImportField(name, LABELS[name]) for name in COLUMNS],
            synonyms={},
            start=Statement,
            may_import=permissions.can_import_money,
            options=[
                ImportOption("accept_accounts", _accept_field),
                ImportOption("own_accounts", _accounts_field),
            ],
            portion=1_000,
            read=read_table,
            fixed_columns=True,
            fact_labels={
                "incoming": gettext_lazy("Incoming documents"),
                "outgoing": gettext_lazy("Outgoing documents"),
                "own_transfers": gettext_lazy("Between own accounts"),
                "direction_unknown": gettext_lazy("Direction unknown"),
                "duplicates": gettext_lazy("Here already"),
                "matched": gettext_lazy("Client found"),
                "unmatched": gettext_lazy("Client not found"),
                "statements": gettext_lazy("New statements"),
            },
            worth_writing=("statements",),
            links=_links,
            waiting=unknown_payers,
            adapt_options=_offer_accounts,
            applied=_link_statements,
            around_undo=_free_payments,
        )
    )


def _accept_field(by: User | None) -> forms.Field:
    """On the command line whoever names the file says whose it is."""
    return forms.BooleanField(
        label=gettext_lazy("The accounts of the statement are ours"),
        required=False,
        initial=by is None,
        help_text=gettext_lazy("Accounts not known yet are added to our own accounts."),
    )


def _accounts_field(by: User | None) -> forms.Field:
    return AccountsField(
        label=gettext_lazy("Other accounts of ours"),
        required=False,
        help_text=gettext_lazy("Twenty digits each, separated by commas."),
    )


class AccountsField(forms.CharField):
    """A list of account numbers."""

    def clean(self, value: Any) -> Any:
        """Numbers without repetition; ValidationError for one that has not twenty digits."""
        text = super().clean(value)
        found = text.replace(",", " ").replace(";", " ").split()
        wrong = next((part for part in found if not is_account(part)), None)
        if wrong is not None:
            raise ValidationError(
                _("“%(text)s” is not an account: it must have 20 digits.") % {"text": wrong[:40]}
            )
        return list(dict.fromkeys(found))


def _offer_accounts(form: forms.Form, job: ImportJob) -> None:
    """Ask only about accounts of this file that are not known, and name them."""
    form.fields.pop("own_accounts", None)
    declared = [a for a in job.layout.get("about", {}).get("accounts", []) if is_account(a)]
    known = OwnAccount.objects.filter(account__in=declared).values_list("account", flat=True)
    unknown = [account for account in declared if account not in set(known)]
    if not unknown:
        form.fields.pop("accept_accounts", None)
        return
    form.fields["accept_accounts"].help_text = _(
        "Not among our own accounts yet: %(accounts)s. Ticked, they are added to them; direction "
        "of every payment follows from that."
    ) % {"accounts": ", ".join(unknown)}


def _links(user: User) -> list[tuple[str, str]]:
    return [(_("Bank statements"), reverse("deals:statement_list"))]


def _link_statements(job: ImportJob, journal: Journal) -> None:
    """Let the statements that came with the import name it."""
    made = ids_of(journal.created.get(BankStatement._meta.label, []))
    BankStatement.objects.filter(pk__in=made).update(import_job=job)


def _free_payments(journal: Journal) -> Callable[[], None]:
    """What the payments of the import pay is taken off before they go."""
    rows = Allocation.objects.filter(
        payment__in=ids_of(journal.created.get(Payment._meta.label, []))
    )
    payments = Payment.objects.filter(pk__in=rows.values("payment")).order_by("pk")
    list(payments.select_for_update(of=("self",)).values_list("pk", flat=True))
    lock_invoices(rows.values_list("invoice_id", flat=True))
    rows.delete()
    return lambda: None
