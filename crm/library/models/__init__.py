"""Tables of the library."""

from crm.library.models.documents import (
    VERSION_MOVES,
    Acknowledgement,
    AudienceUnit,
    DocumentKind,
    DocumentVersion,
    PolicyDocument,
    VersionState,
)
from crm.library.models.duties import Capability, CapabilityScreen, Duty, DutyLink

__all__ = [
    "VERSION_MOVES",
    "Acknowledgement",
    "AudienceUnit",
    "Capability",
    "CapabilityScreen",
    "DocumentKind",
    "DocumentVersion",
    "Duty",
    "DutyLink",
    "PolicyDocument",
    "VersionState",
]
