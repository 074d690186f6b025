"""Policy of claims against customers: terms, alerts, when the key rate is to be looked up."""

from django.utils.translation import gettext_lazy as _

from crm.work.registry import Group

OUTGOING = Group(_("Claims against clients"))
DAYS = _("calendar days")
WHOLE = (
    (
        "rate_stale_days",
        60,
        1,
        400,
        _("The last key rate is to be checked when it is older than"),
    ),
    (
        "answer_days",
        30,
        1,
        180,
        _("A claim without a contract is answered within"),
    ),
    ("soon_days", 5, 0, 60, _("The deadline of a claim is announced in advance by")),
)


def register_outgoing_policy() -> None:
    """Declare them; penalty, cap and term of a contract stand in the contract."""
    for name, default, least, most, label in WHOLE:
        OUTGOING.whole(f"outgoing.{name}", default, least, most, label, DAYS)
