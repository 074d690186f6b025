"""Periodic work of documents and money."""

from django.utils.translation import gettext_lazy as _

from crm.work import periodic
from deals.actions.exchange import forget_received_files


def register_exchange_jobs() -> None:
    """Declare the job of the night."""
    periodic.register(
        "exchange.forget_files",
        due=periodic.daily(3, 25),
        run=forget_received_files,
        label=_("Forget unfinished files of 1C"),
    )
