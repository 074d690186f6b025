"""Claims that come by a letter: its page offers to register one and names those that were."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from claims import permissions
from claims.models import Claim
from clients.letters import letter_makers
from clients.letters.letter_makers import Made, Maker
from clients.models import Correspondence, LetterDirection
from crm.accounts.models import User


def _may_make(user: User, letter: Correspondence) -> bool:
    """Of what a client wrote to us."""
    if letter.client is None or letter.direction != LetterDirection.IN:
        return False
    return permissions.can_register_claim(user, letter.client)


def _form(letter: Correspondence) -> str:
    return f"{reverse('claims:register', args=[letter.client_id])}?letter={letter.pk}"


def _made(letter: Correspondence, user: User) -> list[Made]:
    rows = Claim.objects.visible_to(user).filter(letter=letter).order_by("pk")
    return [(str(claim), claim.get_absolute_url()) for claim in rows]


def register_claims_of_letters() -> None:
    """Called once when the app is ready."""
    letter_makers.register(
        Maker("claim", _("Register a claim"), "message-report", _may_make, _form, _made)
    )
