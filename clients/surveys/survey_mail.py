"""The letter that invites to a survey, and the one reminder, each with a personal link."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from clients.models import SurveyInvitation
from clients.our_company import our_name
from crm.links.tokens import address_of, digest_of, token_of
from crm.notices.kinds import Letter
from crm.phones import format_phone

LETTER, REMINDER = "survey.invitation", "survey.reminder"
SALT = "clients.survey"
PAGE = "survey_public_page"


def mail_keys(invitation_id: int) -> tuple[str, str]:
    """The keys of an invitation's letter and reminder in the outbox."""
    return f"survey:{invitation_id}", f"survey-reminder:{invitation_id}"


def letter_of(params: Mapping[str, Any]) -> Letter | None:
    """The letter in Russian; None for an invitation that shows nothing any more.

    Raises ValueError when the key of the installation has changed since.
    """
    invitation = _usable().filter(pk=params["invitation"]).first()
    return _letter(invitation, params, "digest", _written)


def reminder_of(params: Mapping[str, Any]) -> Letter | None:
    """The reminder; None also for whoever has answered meanwhile."""
    invitation = _usable().filter(pk=params["invitation"], response=None).first()
    return _letter(invitation, params, "reminder_digest", _reminding)


def _usable() -> Any:
    rows = SurveyInvitation.objects.usable(timezone.now())
    return rows.select_related("survey__author", "person", "manager")


def _letter(
    invitation: SurveyInvitation | None,
    params: Mapping[str, Any],
    kept: str,
    write: Callable[[SurveyInvitation, str], Letter],
) -> Letter | None:
    if invitation is None:
        return None
    token = token_of(params["secret"], SALT)
    if digest_of(token) != getattr(invitation, kept):
        raise ValueError("The link was made with another key: ask anew.")
    with translation.override("ru"):
        return write(invitation, token)


def _values(invitation: SurveyInvitation, token: str) -> dict[str, str]:
    survey, company = invitation.survey, our_name()
    sender = invitation.manager or survey.author
    return {
        "company": company,
        "title": survey.title,
        "person": invitation.person.full_name,
        "intro": f"{survey.intro}\n\n" if survey.intro else "",
        "until": f"{timezone.localtime(invitation.expires_at):%d.%m.%Y}",
        "link": address_of(PAGE, token),
        "sender": sender.full_name,
        "phone": format_phone(sender.phone),
    }


def _written(invitation: SurveyInvitation, token: str) -> Letter:
    values = _values(invitation, token)
    subject = _("%(title)s: your opinion matters to %(company)s") % values
    body = _(
        "Good day, %(person)s.\n\n"
        "%(intro)s"
        "%(company)s asks you to answer a few questions, it takes two minutes:\n%(link)s\n\n"
        "The link is personal and valid until %(until)s. On the same page you can ask not to be"
        " written to any more.\n\n%(sender)s\n%(phone)s\n"
    )
    return Letter(" ".join(subject.split()), body % values)


def _reminding(invitation: SurveyInvitation, token: str) -> Letter:
    values = _values(invitation, token)
    subject = _("Reminder: %(title)s") % values
    body = _(
        "Good day, %(person)s.\n\n"
        "Some days ago %(company)s asked you to answer a few questions. Your answer has not come"
        " yet; it takes two minutes:\n%(link)s\n\n"
        "The link is personal and valid until %(until)s. We shall not remind you again; on the"
        " same page you can ask not to be written to any more.\n\n%(sender)s\n%(phone)s\n"
    )
    return Letter(" ".join(subject.split()), body % values)
