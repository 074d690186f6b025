"""The letter that invites to a survey, with the personal link."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from clients.models import SurveyInvitation
from clients.our_company import our_name
from crm.links.tokens import address_of, digest_of, token_of
from crm.notices.kinds import Letter

LETTER = "survey.invitation"
SALT = "clients.survey"
PAGE = "survey_public_page"


def letter_of(params: Mapping[str, Any]) -> Letter | None:
    """The letter in Russian; None for an invitation that shows nothing any more.

    Raises ValueError when the key of the installation has changed since.
    """
    rows = SurveyInvitation.objects.usable(timezone.now()).select_related("survey__author")
    invitation = rows.filter(pk=params["invitation"]).select_related("person", "manager").first()
    if invitation is None:
        return None
    token = token_of(params["secret"], SALT)
    if digest_of(token) != invitation.digest:
        raise ValueError("The link was made with another key: ask anew.")
    with translation.override("ru"):
        return _written(invitation, token)


def _written(invitation: SurveyInvitation, token: str) -> Letter:
    survey, company = invitation.survey, our_name()
    sender = invitation.manager or survey.author
    values = {
        "company": company,
        "title": survey.title,
        "person": invitation.person.full_name,
        "intro": f"{survey.intro}\n\n" if survey.intro else "",
        "until": f"{timezone.localtime(invitation.expires_at):%d.%m.%Y}",
        "link": address_of(PAGE, token),
        "sender": sender.full_name,
        "phone": sender.phone,
    }
    subject = _("%(title)s: your opinion matters to %(company)s") % values
    body = _(
        "Good day, %(person)s.\n\n"
        "%(intro)s"
        "%(company)s asks you to answer a few questions, it takes two minutes:\n%(link)s\n\n"
        "The link is personal and valid until %(until)s. On the same page you can ask not to be"
        " written to any more.\n\n%(sender)s\n%(phone)s\n"
    )
    return Letter(" ".join(subject.split()), body % values)
