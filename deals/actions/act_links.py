"""Personal links to acts: sent, revoked, and what a client does by them (D.3).

Whoever has the token is the client of this one act and nobody else: no action here takes anything
but the token, and none trusts the name that was typed.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from crm.accounts.models import User
from crm.calendar import add_working_days
from crm.errors import RuleViolation, StaleVersion
from crm.files.actions import check_received, keep_received
from crm.files.models import Attachment, AttachmentKind
from crm.history import verb
from crm.links.doors import NoSuchLink, Visitor
from crm.links.tokens import digest_of, new_secret, token_of
from crm.notices import actions as notices
from crm.states import move
from crm.work.registry import setting
from deals import permissions
from deals.act_letters import LETTER, SALT, page_of
from deals.actions.acts import Signature, close_as_signed, send_act
from deals.actions.contracts import absent
from deals.actions.received_statements import await_comparison
from deals.models import (
    ITEM_MOVES,
    WITH_CLIENT,
    ActChannel,
    ActLink,
    ActLinkAnswer,
    ActLinkVisit,
    Discrepancy,
    DiscrepancyKind,
    ItemState,
    ReconciliationAct,
    ReconciliationItem,
    SignatoryAuthority,
)

OWNER = "reconciliation_act"
What = ActLinkVisit.What


@transaction.atomic
def create_link(
    item_id: int, *, by: User, version: int, email: str, today: date, now: datetime
) -> ActLink:
    """Send the act by e-mail with a new personal link; earlier links of the act end.

    The act counts as sent with the row of the letter, which waits in the outbox.
    """
    item = send_act(
        item_id, by=by, version=version, channel=ActChannel.EMAIL, sent_to=email, on=today,
        today=today,
    )  # fmt: skip
    act, secret = ReconciliationAct.objects.get(item=item), new_secret()
    with verb("reconciliation.link_made", by=by, on_behalf_of=absent(by, item.client)):
        ActLink.objects.filter(act=act, revoked_at=None).update(revoked_at=now)
        link = ActLink.objects.create(
            act=act,
            digest=digest_of(token_of(secret, SALT)),
            revision=act.revision,
            sent_to=email,
            created_by=by,
            expires_at=now + timedelta(days=setting("reconciliation.link_days")),
        )
    notices.write_to(
        email,
        kind=LETTER,
        params={"link": link.pk, "secret": secret},
        dedupe_key=letter_key(link),
    )
    return link


def letter_key(link: ActLink) -> str:
    """The key of the link's letter in the outbox."""
    return f"act-link:{link.pk}"


@transaction.atomic
def revoke_link(link_id: int, *, by: User, now: datetime) -> ActLink:
    """End a link: from now on it shows the same page as one that never was."""
    shown = ActLink.objects.visible_to(by).select_related("act").get(pk=link_id)
    items = ReconciliationItem.objects.visible_to(by).select_for_update(of=("self",))
    item = items.select_related("client__manager", "schedule").get(pk=shown.act.item_id)
    if not permissions.can_revoke_link(by, item):
        raise PermissionDenied
    link: ActLink = ActLink.objects.select_for_update().get(pk=link_id)
    if link.revoked_at is not None:
        raise RuleViolation(_("This link has been revoked already."))
    link.revoked_at = now
    with verb("reconciliation.link_revoked", by=by, on_behalf_of=absent(by, item.client)):
        link.save(update_fields=["revoked_at"])
    return link


def find_link(token: str, *, now: datetime) -> ActLink:
    """The link that shows something; raises NoSuchLink for any other, whatever its reason."""
    links = ActLink.objects.usable(now).select_related("act__client__manager", "act__item")
    link: ActLink | None = links.filter(digest=digest_of(token)).first()
    if link is None:
        raise NoSuchLink("")
    return link


def note_visit(
    link: ActLink | None, what: str, visitor: Visitor, *, details: str = ""
) -> ActLinkVisit:
    """A line of the journal; never with the token."""
    if link is not None and link.opened_at is None and what == What.OPENED:
        ActLink.objects.filter(pk=link.pk, opened_at=None).update(opened_at=visitor.now)
    return ActLinkVisit.objects.create(link=link, what=what, ip=visitor.ip, details=details[:300])


@transaction.atomic
def agree(token: str, *, name: str, position: str, visitor: Visitor) -> ActLink:
    """Note that a person who had the link agrees: an answer, no signature with authority.

    By setting the act is closed as signed without authority, otherwise the manager waits for the
    signed copy.
    """
    link, item = _to_answer(token, visitor)
    if item.state == ItemState.DISCREPANCY:
        raise RuleViolation(_("Objections to this act are being looked into: write to us."))
    with verb("reconciliation.agreed_by_link", by=None):
        _answer(link, ActLinkAnswer.AGREED, name, position, visitor)
        if setting("reconciliation.link_closes"):
            authority = SignatoryAuthority.NONE
            close_as_signed(item, Signature(visitor.today, name, position, authority))
    note_visit(link, What.AGREED, visitor, details=name)
    _tell(link, item, "reconciliation.agreed", who=_person(name, position))
    return link


@transaction.atomic
def object_to(token: str, *, name: str, position: str, text: str, visitor: Visitor) -> ActLink:
    """Note an objection in words: a difference to be cleared up, the act is disputed."""
    link, item = _to_answer(token, visitor)
    with verb("reconciliation.objected_by_link", by=None):
        _answer(link, ActLinkAnswer.OBJECTED, name, position, visitor)
        Discrepancy.objects.create(
            act=link.act,
            kind=DiscrepancyKind.OBJECTION,
            text=text,
            responsible=item.client.manager,
            due_on=add_working_days(visitor.today, setting("reconciliation.resolve_days")),
        )
        if item.state != ItemState.DISCREPANCY:
            move(item, ITEM_MOVES, ItemState.DISCREPANCY)
    note_visit(link, What.OBJECTED, visitor, details=name)
    _tell(link, item, "reconciliation.objected", who=_person(name, position))
    return link


def upload(token: str, *, name: str, content: bytes, visitor: Visitor) -> Attachment:
    """Keep a scan or a statement with the act, before the answer or after it.

    Of what may be a statement our people are told with the result of its comparing.
    Raises Unreadable with the reason of a refused file, RuleViolation beyond the number of files.
    The file is parsed before any row is locked.
    """
    _check_files(find_link(token, now=visitor.now))
    checked = check_received(OWNER, name, content)
    with transaction.atomic():
        link, item = _locked(token, visitor)
        _check_files(link)
        made = keep_received(
            checked, OWNER, link.act_id, sender=link.sent_to, content=content,
            kind=AttachmentKind.RECONCILIATION,
        )  # fmt: skip
        note_visit(link, What.UPLOADED, visitor, details=made.name)
        if not await_comparison(link, made):
            _tell(link, item, "reconciliation.file_came", name=made.name)
    return made


def _locked(token: str, visitor: Visitor) -> tuple[ActLink, ReconciliationItem]:
    """The link and its item under lock, in the order in which people lock them."""
    found = find_link(token, now=visitor.now)
    items = ReconciliationItem.objects.select_for_update(of=("self",))
    item = items.select_related("client__manager").get(pk=found.act.item_id)
    act = ReconciliationAct.objects.select_for_update().get(pk=found.act_id)
    rows = ActLink.objects.usable(visitor.now).select_for_update(of=("self",))
    link: ActLink | None = rows.filter(pk=found.pk).first()
    if link is None:
        raise NoSuchLink("")
    act.client, link.act = item.client, act
    return link, item


def _to_answer(token: str, visitor: Visitor) -> tuple[ActLink, ReconciliationItem]:
    link, item = _locked(token, visitor)
    if link.answered_at is not None:
        raise StaleVersion(_("An answer has already been recorded. To change it, write to us."))
    return link, item


def _answer(link: ActLink, answer: str, name: str, position: str, visitor: Visitor) -> None:
    link.answer, link.answered_at = answer, visitor.now
    link.answered_by, link.answered_position = name, position
    link.save(update_fields=["answer", "answered_at", "answered_by", "answered_position"])
    act = link.act
    act.returned_on, act.version = act.returned_on or visitor.today, act.version + 1
    act.save(update_fields=["returned_on", "version"])


def _check_files(link: ActLink) -> None:
    if link.act.item.state not in WITH_CLIENT:
        raise RuleViolation(_("The act is signed: no more files are needed."), field="file")
    most = setting("reconciliation.link_files")
    if ActLinkVisit.objects.filter(link=link, what=What.UPLOADED).count() >= most:
        text = _("Via this link %(most)s files have come already. Send the rest by e-mail.")
        raise RuleViolation(text % {"most": most}, field="file")


def _person(name: str, position: str) -> str:
    return f"{name}, {position}" if position else name


def _tell(link: ActLink, item: ReconciliationItem, kind: str, **params: str) -> None:
    """The client's manager and whoever sent the link."""
    people = {person.pk for person in (item.client.manager, link.created_by) if person}
    last = ActLinkVisit.objects.filter(link=link).order_by("-pk").values_list("pk", flat=True)[0]
    notices.notify_many(
        sorted(people),
        kind=kind,
        params={"client": item.client.name, "act": link.act.number, **params},
        url=page_of(link.act),
        dedupe_key=f"{kind}:{last}",
    )
