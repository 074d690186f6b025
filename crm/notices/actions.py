"""Writes of the outbox: notices are written with the action and delivered by the relay."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any, NamedTuple

import structlog
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from crm.accounts.models import User
from crm.notices import kinds, permissions
from crm.notices.kinds import Letter
from crm.notices.models import Notice, NoticeChannel, NoticeState
from crm.notices.querysets import NoticeQuerySet
from crm.said import kept

log = structlog.get_logger(__name__)

CLAIM_LASTS = timedelta(seconds=90)
MAX_ATTEMPTS = 5
BUDGET_SECONDS = 30.0
AT_ONCE = 1000  # rows of one statement


def notify(
    user: User | int,
    *,
    kind: str,
    params: Mapping[str, Any],
    url: str = "",
    dedupe_key: str,
    email: bool = True,
) -> int:
    """Write the notice once per person, channel and key; returns how many rows were new.

    Must run inside the action's transaction: what rolls back notifies nobody.
    """
    return notify_many(
        [user], kind=kind, params=params, url=url, dedupe_key=dedupe_key, email=email
    )


def notify_many(
    users: Iterable[User | int],
    *,
    kind: str,
    params: Mapping[str, Any],
    url: str = "",
    dedupe_key: str,
    email: bool = True,
) -> int:
    """`notify` for several people in one statement."""
    keys = [user if isinstance(user, int) else user.pk for user in users]
    told = [Told(user, kind, params, url, dedupe_key) for user in keys]
    before = Notice.objects.filter(dedupe_key=dedupe_key).count()
    _write(told, email=email)
    return Notice.objects.filter(dedupe_key=dedupe_key).count() - before


class Told(NamedTuple):
    """What one person is told, once for the key."""

    user_id: int
    kind: str
    params: Mapping[str, Any]
    url: str
    dedupe_key: str


def notify_each(told: Sequence[Told], *, email: bool = True) -> int:
    """Tell many people each something else, in a few statements; how many were told anew."""
    known = Notice.objects.filter(
        user__in={one.user_id for one in told}, dedupe_key__in={one.dedupe_key for one in told}
    )
    known_keys = set(known.values_list("user", "dedupe_key"))
    new = [one for one in told if (one.user_id, one.dedupe_key) not in known_keys]
    _write(new, email=email)
    return len(new)


def _write(told: Iterable[Told], *, email: bool = True) -> None:
    now = timezone.now()
    channels = [NoticeChannel.UI, NoticeChannel.EMAIL] if email else [NoticeChannel.UI]
    rows = [
        Notice(
            user_id=one.user_id,
            channel=channel,
            kind=one.kind,
            params=kept(dict(one.params)),
            url=one.url,
            dedupe_key=one.dedupe_key,
            due_at=now,
        )
        for one in told
        for channel in channels
    ]
    Notice.objects.bulk_create(rows, ignore_conflicts=True, batch_size=AT_ONCE)


def write_to(address: str, *, kind: str, params: Mapping[str, Any], dedupe_key: str) -> None:
    """Write a letter to an address outside, once per key, in the action's transaction.

    What it says is written by the kind's writer when it goes out; `secret` among the parameters
    is forgotten as soon as it is not needed any more.
    """
    row = Notice(
        address=address,
        channel=NoticeChannel.EMAIL,
        kind=kind,
        params=kept(dict(params)),
        dedupe_key=dedupe_key,
        due_at=timezone.now(),
    )
    Notice.objects.bulk_create([row], ignore_conflicts=True)


def deliver_notices(*, limit: int = 200) -> int:
    """Claim waiting notices and deliver them; safe with several workers and after a crash.

    Stops after half a minute, so that no claim runs out while its notice is still being sent.
    """
    claimed = _claim(limit)
    until = time.monotonic() + BUDGET_SECONDS
    shown = [notice.pk for notice in claimed if notice.channel == NoticeChannel.UI]
    delivered = _mark_sent(shown) if shown else 0
    letters = [notice for notice in claimed if notice.channel == NoticeChannel.EMAIL]
    for position, letter in enumerate(letters):
        if time.monotonic() > until:
            _give_back(letters[position:])
            break
        delivered += _deliver(letter)
    return delivered


def _claim(limit: int) -> list[Notice]:
    """Take rows that nobody holds; a claim older than a minute and a half was abandoned."""
    now = timezone.now()
    with transaction.atomic():
        free = (
            Notice.objects.filter(state=NoticeState.WAITING, due_at__lte=now)
            .filter(Q(claimed_at=None) | Q(claimed_at__lt=now - CLAIM_LASTS))
            .order_by("due_at", "pk")
            .select_for_update(skip_locked=True)
        )
        ids = list(free.values_list("pk", flat=True)[:limit])
        Notice.objects.filter(pk__in=ids).update(claimed_at=now)
    return list(Notice.objects.filter(pk__in=ids).select_related("user").order_by("pk"))


def _held(notice: Notice) -> NoticeQuerySet:
    """The row, as long as the claim under which it was read is the last one."""
    rows: NoticeQuerySet = Notice.objects.filter(
        pk=notice.pk, state=NoticeState.WAITING, claimed_at=notice.claimed_at
    )
    return rows


def _deliver(notice: Notice) -> int:
    """Count the attempt, then send: a letter that kills the worker is given up like any other."""
    if not _held(notice).update(attempts=F("attempts") + 1):
        return 0
    notice.attempts += 1
    try:
        if notice.attempts > MAX_ATTEMPTS:
            raise RuntimeError("The worker was killed at each attempt.")
        (_send_email if notice.user_id else _send_outside)(notice)
    except Exception as error:
        _postpone(notice, str(error))
        return 0
    if not notice.user_id:
        _forget_secret(notice)
    return _mark_sent([notice.pk])


def _forget_secret(notice: Notice) -> None:
    """The letter is out: what its link was made of is not kept."""
    kept = {name: value for name, value in notice.params.items() if name != "secret"}
    Notice.objects.filter(pk=notice.pk).update(params=kept)


def _mark_sent(ids: list[int]) -> int:
    return Notice.objects.filter(pk__in=ids, state=NoticeState.WAITING).update(
        state=NoticeState.SENT, sent_at=timezone.now(), error=""
    )


def _give_back(notices: list[Notice]) -> None:
    """Let another relay take what this one had no time for."""
    for notice in notices:
        _held(notice).update(claimed_at=None)


def _postpone(notice: Notice, error: str) -> None:
    """Try later, each time twice as late; give up visibly after five attempts."""
    log.warning("notice_failed", notice=notice.pk, attempts=notice.attempts)
    dead = notice.attempts >= MAX_ATTEMPTS
    _held(notice).update(
        state=NoticeState.DEAD if dead else NoticeState.WAITING,
        claimed_at=None,
        due_at=timezone.now() + timedelta(minutes=2**notice.attempts),
        error=error.replace("\0", "")[:500],
    )


def _send_email(notice: Notice) -> None:
    """One person per message; the same Message-ID on every attempt lets mailboxes drop doubles."""
    user = notice.user
    assert user is not None  # letters to addresses go another way
    if not user.email or not user.is_active:
        return
    with translation.override(user.language):
        title = " ".join(kinds.render(notice.kind, notice.params).split())
        inside = notice.url.startswith("/") and not notice.url.startswith("//")
        link = f"{settings.SITE_URL}{notice.url if inside else ''}"
        body = _("%(title)s\n\nOpen: %(link)s\n") % {"title": title, "link": link}
    _post(notice, Letter(title, body), user.email)


def _send_outside(notice: Notice) -> None:
    """A letter to a client; never through the console of a server, whose output is a log."""
    if settings.EMAIL_BACKEND.endswith(".console.EmailBackend") and not settings.DEBUG:
        raise RuntimeError("There is no mail server: set EMAIL_HOST.")
    letter = kinds.letter_of(notice.kind, notice.params)
    if letter is not None:
        _post(notice, letter, notice.address)


def _post(notice: Notice, letter: Letter, address: str) -> None:
    message = EmailMessage(
        subject=letter.subject,
        body=letter.body,
        to=[address],
        headers={"Message-ID": f"<notice-{notice.pk}@klientura>", **letter.headers},
        attachments=[(one.name, one.content, one.content_type) for one in letter.enclosures],
    )
    message.send()


@transaction.atomic
def send_again(*, by: User) -> int:
    """Put the notices that were given up back into the outbox; returns how many."""
    if not permissions.can_watch_outbox(by):
        raise PermissionDenied
    return Notice.objects.filter(state=NoticeState.DEAD).update(
        state=NoticeState.WAITING, attempts=0, claimed_at=None, due_at=timezone.now()
    )


@transaction.atomic
def mark_read(notice_id: int, *, by: User) -> Notice:
    """Note that the person opened the notice."""
    notice = Notice.objects.visible_to(by).select_for_update(of=("self",)).get(pk=notice_id)
    if notice.read_at is None:
        notice.read_at = timezone.now()
        notice.save(update_fields=["read_at"])
    return notice


def mark_all_read(*, by: User) -> int:
    """Note that the person has seen all notices."""
    return Notice.objects.visible_to(by).unread().update(read_at=timezone.now())
