"""The letter with a personal link, and what the manager is told of the answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clients.our_company import our_name
from crm.links.tokens import address_of, digest_of, token_of
from crm.notices.kinds import Letter
from crm.phones import format_phone
from deals.models import ActLink, ReconciliationAct

LETTER = "reconciliation.link"
SALT = "deals.act_link"
TOLD = {
    "reconciliation.agreed": gettext_lazy("%(client)s agrees to the act %(act)s: %(who)s"),
    "reconciliation.objected": gettext_lazy("%(client)s objects to the act %(act)s: %(who)s"),
    "reconciliation.file_came": gettext_lazy(
        "%(client)s sent a file for the act %(act)s: %(name)s"
    ),
    "reconciliation.statement_compared": gettext_lazy(
        "The statement of %(client)s is compared with the act %(act)s: differences %(count)s,"
        " of the balances %(gap)s"
    ),
    "reconciliation.statement_unread": gettext_lazy(
        "%(client)s sent a file for the act %(act)s: %(name)s. It could not be compared: %(why)s"
    ),
}


def letter_of(params: Mapping[str, Any]) -> Letter | None:
    """The letter in Russian; None for a link that shows nothing any more.

    Raises ValueError when the key of the installation has changed since: the link must be sent
    anew.
    """
    links = ActLink.objects.usable(timezone.now()).select_related("act__client", "created_by")
    link = links.filter(pk=params["link"]).first()
    if link is None:
        return None
    token = token_of(params["secret"], SALT)
    if digest_of(token) != link.digest:
        raise ValueError("The link was made with another key: send it anew.")
    with translation.override("ru"):
        return _written(link, token)


def page_of(act: ReconciliationAct) -> str:
    """The page of the reconciliation."""
    return act.get_absolute_url()


def _written(link: ActLink, token: str) -> Letter:
    act, company = link.act, our_name()
    values = {
        "company": company,
        "number": act.number,
        "client": act.client.name,
        "first": f"{act.date_from:%d.%m.%Y}",
        "last": f"{act.date_to:%d.%m.%Y}",
        "until": f"{timezone.localtime(link.expires_at):%d.%m.%Y}",
        "link": address_of("act_public_page", token),
        "manager": link.created_by.get_full_name(),
        "phone": format_phone(link.created_by.phone),
    }
    subject = _("Act of reconciliation %(number)s %(company)s") % values
    body = _(
        "Good day.\n\n"
        "%(company)s asks you to check the act of reconciliation %(number)s with %(client)s"
        " for %(first)s – %(last)s.\n\n"
        "On this page you see the act and agree, enter objections or send a signed copy or your"
        " own statement:\n%(link)s\n\n"
        "The link is personal and valid until %(until)s. Do not pass it on: who has it sees the"
        " act.\n\n%(manager)s\n%(phone)s\n"
    )
    return Letter(" ".join(subject.split()), body % values)
