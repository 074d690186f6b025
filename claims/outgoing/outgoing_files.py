"""Whose files stand with claims against clients: proofs of sending, answers."""

from claims.actions.outgoing import OWNER
from claims.models import OutgoingClaim
from claims.permissions import outgoing as permissions
from crm.accounts.models import User
from crm.files.models import AttachmentKind
from crm.files.registry import register_owner
from deals.actions.contracts import absent


def _absent(record: OutgoingClaim, user: User) -> User | None:
    return absent(user, record.client)


def register_outgoing_files() -> None:
    """Called once when the app is ready."""
    register_owner(
        OWNER,
        OutgoingClaim,
        kind=AttachmentKind.CLAIM,
        may_add=permissions.can_add_file,
        may_see=permissions.can_see_outgoing,
        acting_for=_absent,
    )
