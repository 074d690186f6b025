"""Whose files stand with claims: photos, acts, letters of the client and our answers."""

from claims import permissions
from claims.models import Claim
from crm.accounts.models import User
from crm.files.models import AttachmentKind
from crm.files.registry import register_owner
from deals.actions.contracts import absent


def _absent(record: Claim, user: User) -> User | None:
    return absent(user, record.client)


def register_claim_files() -> None:
    """Called once when the app is ready."""
    register_owner(
        "claim",
        Claim,
        kind=AttachmentKind.CLAIM,
        may_add=permissions.can_add_papers,
        may_see=permissions.can_see_claims,
        acting_for=_absent,
    )
