"""The answers of a registration sheet in its history: each that changed, from → to."""

from __future__ import annotations

from typing import Any

from clients.models import RegistrationSheet
from clients.sheets.sheet_questions import all_questions
from crm.accounts.history_values import DASH, Change, Reader


def answers_reader(sheet: RegistrationSheet) -> Reader:
    """What reads two states of its answers into changes, in the order of the campaign.

    Of all its questions: one that the client's category is not asked any more was answered once.
    """
    questions = all_questions(sheet.campaign.questions)

    def changes(before: Any, now: Any) -> list[Change]:
        old, new = before or {}, now or {}
        return [
            Change(
                str(one),
                None if before is None else one.shown(old.get(one.code, "")) or DASH,
                one.shown(new.get(one.code, "")) or DASH,
            )
            for one in questions
            if old.get(one.code, "") != new.get(one.code, "")
        ]

    return changes
