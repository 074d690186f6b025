"""The letter that answers a claim: made, kept with the claim, the answer noted, in one go."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from claims.actions.claim_decisions import answer_claim
from claims.models import Claim
from claims.papers import reply
from crm.accounts.models import User
from crm.files.actions import add_file
from crm.files.models import AttachmentKind


@transaction.atomic
def answer_by_letter(
    claim_id: int, *, by: User, version: int, on: date, today: date, suffix: str, text: str = ""
) -> Claim:
    """Note the answer and keep the letter; without a `suffix` (pdf, docx) the day alone is noted.

    RuleViolation where the office's template cannot be filled in: then nothing is noted.
    """
    claim = answer_claim(claim_id, by=by, version=version, on=on, today=today)
    if suffix:
        add_file(
            "claim",
            claim.pk,
            by=by,
            name=reply.file_name(claim, suffix),
            content=reply.made(claim, suffix, by=by, on=on, text=text),
            kind=AttachmentKind.CLAIM,
        )
    return claim
