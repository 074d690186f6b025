"""What returns declare when the app is ready: settings, the clock, words of history and notices."""

from django.utils.translation import gettext_lazy as _

from claims.actions.book_returns import follow_books
from claims.policy.returns import register_return_policy
from crm.history import name_verbs
from crm.notices import kinds
from crm.work import periodic

VERBS = {
    "return.asked": _("Return asked for"),
    "return.received": _("Goods of the return came"),
    "return.accepted": _("Goods of the return taken"),
    "return.credited": _("Return credited"),
    "return.bound": _("Return credited by a document of the books"),
    "return.closed": _("Return closed"),
    "return.reason_named": _("Reason for the return named"),
    "return.taken_in": _("Return of the books taken in"),
    "return.document_reversed": _("Document of the return was reversed"),
}
TITLES = {
    "return.to_receive": _("Return %(number)s of %(client)s is approved: goods will come"),
    "return.received": _("Return %(number)s of %(client)s: the goods came"),
    "return.accepted": _("Return %(number)s of %(client)s: the goods are taken"),
    "return.to_credit": _("Return %(number)s of %(client)s is to be credited"),
    "return.credited": _("Return %(number)s of %(client)s is credited"),
}


def register_return_parts() -> None:
    """Called once."""
    name_verbs(VERBS)
    register_return_policy()
    for kind, title in TITLES.items():
        kinds.register(kind, title=title)
    periodic.register(
        "returns_of_the_books",
        due=periodic.hourly(25),
        run=follow_books,
        label=_("Take in returns that the accounts know"),
    )
