"""Who is told of a claim: heads, who looks into it, the purchasing department (CM-07)."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from claims.models import Claim, ClaimKind
from clients.heads import chains_of_units
from crm.accounts.models import Role, User
from crm.money import format_money
from crm.notices.actions import notify, notify_many
from crm.said import in_each_language

NAMED = 3


def words_of(claim: Claim) -> dict[str, Any]:
    """What the sentences about a claim say of it."""
    return {
        "number": claim.number,
        "client": claim.client.name,
        "reason": in_each_language(lambda: claim.reason),
        "amount": format_money(claim.claimed_amount),
        "due": f"{claim.response_due:%d.%m.%Y}",
    }


def tell(user: User | int, claim: Claim, kind: str, *, mark: object = "") -> None:
    """One person, once for the version of the claim or for the `mark`."""
    notify(
        user,
        kind=kind,
        params=words_of(claim),
        url=claim.get_absolute_url(),
        dedupe_key=f"{kind}:{claim.pk}:{mark or claim.version}",
        email=False,
    )


def tell_heads(claim: Claim, kind: str, *, by: User, mark: object = "") -> None:
    """The nearest head of the client, unless it was the head's own deed."""
    heads = chains_of_units().get(claim.client.org_unit_id or 0, [])
    for head in heads[:1]:
        if head != by.pk:
            tell(head, claim, kind, mark=mark)


def tell_purchasing(claim: Claim, event: str) -> None:
    """A claim for goods, with reason, goods and amount; once per claim and event (C.6)."""
    if claim.kind != ClaimKind.GOODS:
        return
    kind = f"claim.purchasing_{event.partition(':')[0]}"
    satisfied = claim.satisfied_amount
    notify_many(
        User.objects.working().filter(role=Role.PURCHASING),
        kind=kind,
        params={
            **words_of(claim),
            "goods": goods_in_words(claim),
            "decision": in_each_language(claim.get_decision_display),
            "satisfied": "" if satisfied is None else format_money(satisfied),
        },
        url=claim.get_absolute_url(),
        dedupe_key=f"claim.purchasing:{claim.pk}:{event}",
    )
    if claim.purchasing_told_at is None:
        claim.purchasing_told_at = timezone.now()
        claim.save(update_fields=["purchasing_told_at"])


def goods_in_words(claim: Claim) -> str:
    """The first goods of the claim, a dash where none were named."""
    names = [line.name or str(line.product) for line in claim.lines.select_related("product")]
    more = "…" if len(names) > NAMED else ""
    return ", ".join(names[:NAMED]) + more if names else "—"
