"""What claims declare when the app is ready: words, sentences of notices, the clock (C.6)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from claims.actions.claim_deadlines import alert_claims
from crm.history import name_verbs
from crm.notices import kinds
from crm.work import periodic

VERBS = {
    "claim.registered": _("Claim registered"),
    "claim.edited": _("Claim corrected"),
    "claim.assigned": _("Claim given to a person to look into"),
    "claim.examined": _("Findings about the claim recorded"),
    "claim.decided": _("Claim decided"),
    "claim.compensated": _("Claim compensated"),
    "claim.answered": _("Client answered about the claim"),
    "claim.closed": _("Claim closed"),
    "claim.reopened": _("Claim opened again: the client objects"),
    "claim.withdrawn": _("Claim withdrawn by the client"),
    "claim.handed_up": _("Claim handed up"),
    "claim.taken_back": _("Claim came back from above"),
}
TITLES = {
    "claim.registered": _("New claim %(number)s, %(client)s: %(reason)s, %(amount)s"),
    "claim.assigned": _("Look into the claim %(number)s, %(client)s; the answer is due %(due)s"),
    "claim.decided": _("Claim %(number)s, %(client)s, is decided"),
    "claim.reopened": _("%(client)s objects to the decision about the claim %(number)s"),
    "claim.purchasing_registered": _(
        "Claim for goods %(number)s: %(reason)s, %(goods)s, %(amount)s"
    ),
    "claim.purchasing_decided": _(
        "Claim for goods %(number)s is decided: %(decision)s, %(satisfied)s of %(amount)s;"
        " %(reason)s, %(goods)s"
    ),
    "claim.soon": _("Claims to be answered by %(day)s: %(count)s (%(which)s)"),
    "claim.late": _("Claims not decided on time: %(count)s (%(which)s)"),
    "claim.unsettled": _("Decided claims not compensated or not answered: %(count)s (%(which)s)"),
}


def register_claim_parts() -> None:
    """Called once."""
    name_verbs(VERBS)
    for kind, title in TITLES.items():
        kinds.register(kind, title=title)
    periodic.register(
        "claim_deadlines",
        due=periodic.daily(8, 45),
        run=alert_claims,
        label=_("Notify of claims to be answered, late and not settled"),
    )
