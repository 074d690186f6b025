"""What proposals declare when the app is ready: settings, the job of the night, files, verbs."""

from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from crm.files.registry import register_owner
from crm.history import name_verbs
from crm.notices import kinds
from crm.work import periodic
from crm.work.registry import Group
from deals import permissions
from deals.actions.contracts import absent
from deals.actions.proposal_moves import expire_proposals
from deals.models import Proposal

PROPOSALS = Group(_("Proposals"))
# When My day tells of a proposal.
REMINDED = (
    ("ask_after", 5, _("The client is asked for an answer to a proposal after")),
    ("ask_before_end", 3, _("The client is asked for an answer before the proposal ends by")),
    ("follow_days", 30, _("An accepted proposal without an order or a contract is flagged for")),
)
VERBS = {
    "proposal.created": _("Proposal written"),
    "proposal.edited": _("Proposal changed"),
    "proposal.renewed": _("Next version of the proposal written"),
    "proposal.reopened": _("Proposal taken back after approval"),
    "proposal.discarded": _("Draft thrown away"),
    "proposal.sent": _("Proposal sent to the client"),
    "proposal.accepted": _("Proposal accepted"),
    "proposal.declined": _("Proposal declined"),
    "proposal.expired": _("Proposal expired"),
}


def _absent(proposal: Proposal, user: User) -> User | None:
    return absent(user, proposal.client)


def register_proposal_parts() -> None:
    """Called once."""
    name_verbs(VERBS)
    PROPOSALS.whole(
        "proposal.valid_days", 14, 1, 365, _("A new proposal is valid for"), unit=_("calendar days")
    )
    for name, days, label in REMINDED:
        PROPOSALS.whole(f"proposal.{name}", days, 0, 365, label, unit=_("calendar days"))
    kinds.register("proposal.expired", title=_("Proposal %(number)s to %(client)s has expired"))
    periodic.register(
        "proposal_expiry",
        due=periodic.daily(7, 30),
        run=expire_proposals,
        label=_("Expire proposals whose last day has passed"),
    )
    register_owner(
        "proposal",
        Proposal,
        may_add=permissions.can_keep_offers,
        may_see=permissions.can_see_proposals,
        acting_for=_absent,
    )
