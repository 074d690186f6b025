"""What the client register tells the shared machinery: jobs, notices, guards, words of verbs."""

from django.utils.translation import gettext_lazy as _

from clients.actions.assignments import apply_assignments
from clients.guards import clients_move_along, clients_of_person, clients_of_unit
from clients.permissions import can_distribute
from crm.accounts import hooks
from crm.history import name_verbs
from crm.notices import kinds
from crm.shell import nav
from crm.work import periodic

VERBS = {
    "client.created": _("Client added"),
    "client.edited": _("Card changed"),
    "client.confirmed": _("Card checked"),
    "client.archived": _("Sent to the archive"),
    "client.restored": _("Brought back from the archive"),
    "client.transferred": _("Handed over"),
    "client.transfer_undone": _("Hand-over taken back"),
    "client.owner_took_over": _("The new manager took over"),
    "client.followed_manager": _("Moved with the manager"),
    "person.created": _("Contact person added"),
    "person.edited": _("Contact person changed"),
    "person.archived": _("Contact person left"),
    "person.restored": _("Contact person is back"),
    "need.created": _("Need added"),
    "need.edited": _("Need changed"),
    "need.archived": _("Need is gone"),
    "need.restored": _("Need is back"),
    "outlet.created": _("Outlet added"),
    "outlet.edited": _("Outlet changed"),
    "outlet.archived": _("Outlet not served any more"),
    "outlet.restored": _("Outlet served again"),
    "counterparty.created": _("Counterparty added"),
    "counterparty.edited": _("Counterparty changed"),
    "counterparty.archived": _("Counterparty not used any more"),
    "counterparty.restored": _("Counterparty used again"),
    "account.created": _("Bank account added"),
    "account.edited": _("Bank account changed"),
    "account.closed": _("Bank account closed"),
    "account.reopened": _("Bank account in use again"),
}


def register_client_work() -> None:
    """Declare everything; called once when the apps are ready."""
    for name in ("clients:transfer", "clients:transfer_list"):
        nav.register_gate(name, can_distribute)
    # Before the changes of categories and the plans of contacts, which look at the owner.
    periodic.register(
        "apply_assignments",
        due=periodic.daily(0, 5),
        run=apply_assignments,
        label=_("Hand over clients"),
    )
    kinds.register("clients.received", title=_("You get clients from %(day)s: %(count)s"))
    kinds.register(
        "clients.given_away",
        title=_("Clients handed over to %(to)s from %(day)s: %(count)s"),
    )
    hooks.register_dismissal_guard(clients_of_person)
    hooks.register_unit_guard(clients_of_unit)
    hooks.register_move_follower(clients_move_along)
    name_verbs(VERBS)
