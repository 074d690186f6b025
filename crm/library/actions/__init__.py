"""Writes of the library."""

from crm.library.actions.acknowledging import acknowledge_version
from crm.library.actions.documents import (
    NewText,
    change_draft,
    create_document,
    discard_draft,
    publish_version,
    start_version,
    withdraw_document,
)
from crm.library.actions.duties import change_capability, import_descriptions, link_duty

__all__ = [
    "NewText",
    "acknowledge_version",
    "change_capability",
    "change_draft",
    "create_document",
    "discard_draft",
    "import_descriptions",
    "link_duty",
    "publish_version",
    "start_version",
    "withdraw_document",
]
