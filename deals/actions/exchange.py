"""What a program of 1C does: signs in with its key, sends a file in pieces, has it imported."""

from __future__ import annotations

import secrets
from datetime import date, timedelta
from hashlib import sha256
from hmac import compare_digest

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.db.models import BinaryField, F, Func, Value
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.accounts.actions import log_access
from crm.accounts.models import AccessEventKind, User
from crm.errors import RuleViolation, StaleVersion
from crm.history import verb
from crm.imports.actions import clean_name, queue_import
from crm.imports.models import ImportJob
from crm.work.registry import setting
from deals import permissions
from deals.models import ExchangeFile, ExchangeToken, WrongKey

KIND = "commerceml"
LOGIN_PREFIX = "1c-"
MEGABYTE = 1024 * 1024
STALE_AFTER = timedelta(days=1)
# One statement, so that keys tried at the same moment are all counted.
COUNT_WRONG = """
    INSERT INTO deals_wrongkey AS w (login, address, count, until)
    VALUES (%(login)s, %(address)s, 1, %(until)s)
    ON CONFLICT (login, address) DO UPDATE
    SET count = CASE WHEN w.until > %(now)s THEN w.count + 1 ELSE 1 END, until = excluded.until
"""


@transaction.atomic
def create_token(*, by: User, name: str, user: User) -> tuple[ExchangeToken, str]:
    """Give a program a key that acts as the person; returns it with the secret, shown once."""
    if not permissions.can_manage_exchange(by):
        raise PermissionDenied
    if not permissions.can_act_in_exchange(user):
        raise RuleViolation(_("This person may not import such files."), field="user")
    secret = secrets.token_urlsafe(32)
    with verb("exchange.key_created", by=by):
        token = ExchangeToken.objects.create(
            name=name,
            login=f"{LOGIN_PREFIX}{secrets.token_hex(4)}",
            secret_hash=hash_of(secret),
            user=user,
            created_by=by,
        )
    return token, secret


@transaction.atomic
def revoke_token(token_id: int, *, by: User, version: int) -> ExchangeToken:
    """Take a key back: the next request with it is refused, and what it sent is forgotten."""
    if not permissions.can_manage_exchange(by):
        raise PermissionDenied
    rows = ExchangeToken.objects.visible_to(by).select_for_update(of=("self",))
    token: ExchangeToken = rows.get(pk=token_id)
    if token.version != version:
        raise StaleVersion(of=token)
    if token.revoked_at is not None:
        raise RuleViolation(_("This key is revoked already."))
    token.revoked_at = timezone.now()
    token.version += 1
    with verb("exchange.key_revoked", by=by):
        token.save(update_fields=["revoked_at", "version"])
        ExchangeFile.objects.filter(token=token).delete()
    return token


def hash_of(secret: str) -> str:
    """SHA-256: enough for 256 random bits, and quick for every request."""
    return sha256(secret.encode()).hexdigest()


def sign_in(*, login: str, secret: str) -> ExchangeToken | None:
    """The valid key with this login and secret, noted as used; None otherwise."""
    token: ExchangeToken | None = (
        ExchangeToken.objects.valid().select_related("user").filter(login=login).first()
    )
    known = token.secret_hash if token else hash_of("")
    right = compare_digest(known, hash_of(secret))
    if token is None or not right or not permissions.can_act_in_exchange(token.user):
        return None
    ExchangeToken.objects.filter(pk=token.pk).update(last_used_at=timezone.now())
    return token


@transaction.atomic
def begin_exchange(token_id: int, *, session: str) -> None:
    """Forget what an earlier attempt of the session left, and what nobody came back for."""
    files = ExchangeFile.objects.filter(token=token_id)
    files.filter(session=session).delete()
    files.older_than(timezone.now() - STALE_AFTER).delete()


@transaction.atomic
def receive_chunk(token_id: int, *, session: str, name: str, chunk: bytes) -> ExchangeFile:
    """Append a piece to the file; raises RuleViolation beyond the quota or the largest import."""
    token = ExchangeToken.objects.select_for_update(of=("self",)).get(pk=token_id)
    quota = int(setting("exchange.quota_mb")) * MEGABYTE
    if ExchangeFile.objects.filter(token=token).bytes_waiting() + len(chunk) > quota:
        raise RuleViolation(_("The files of this key are larger than its quota together."))
    file, _new = ExchangeFile.objects.get_or_create(token=token, session=session, name=name)
    if file.job_id is not None:  # sent anew after it had been imported
        file.job_id, file.content, file.size = None, b"", 0
        file.save(update_fields=["job", "content", "size"])
    if file.size + len(chunk) > settings.IMPORT_MAX_BYTES:
        size = settings.IMPORT_MAX_BYTES // MEGABYTE
        raise RuleViolation(_("The file is larger than %(size)s MB. Divide it.") % {"size": size})
    joined = Func(
        F("content"),
        Value(chunk, output_field=BinaryField()),
        template="(%(expressions)s)",
        arg_joiner=" || ",
    )
    ExchangeFile.objects.filter(pk=file.pk).update(content=joined, size=F("size") + len(chunk))
    return file


@transaction.atomic
def import_received(
    token: ExchangeToken, *, session: str, name: str, request: HttpRequest | None = None
) -> ImportJob:
    """The import of a received file: begun now, or the one begun before.

    Raises RuleViolation for a file that did not come or cannot be read.
    """
    rows = ExchangeFile.objects.select_for_update(of=("self",)).select_related("job")
    file = rows.filter(token=token, session=session, name=name).first()
    if file is None:
        raise RuleViolation(_("The file “%(name)s” was not sent.") % {"name": name})
    if file.job is not None:
        job: ImportJob = file.job
        return job
    job = queue_import(
        by=token.user,
        kind=KIND,
        file_name=name,
        content=bytes(file.content),
        options={"create_clients": bool(setting("exchange.create_clients"))},
        request=request,
    )
    file.job, file.content = job, b""
    file.save(update_fields=["job", "content"])
    return job


@transaction.atomic
def forget_received_files(*, today: date) -> int:
    """Forget files that a program began to send and never finished, and wrong keys of old.

    Safe to run again.
    """
    moment = timezone.now() - STALE_AFTER
    WrongKey.objects.filter(until__lt=moment).delete()
    count, _by_model = ExchangeFile.objects.older_than(moment).delete()
    return count


@transaction.atomic
def note_refused(login: str, *, address: str, request: HttpRequest) -> None:
    """A wrong key is counted and leaves a line in the access journal.

    The count of one login from one address begins anew when its lock has passed.
    """
    moment = timezone.now()
    until = moment + timedelta(minutes=int(setting("security.lockout_minutes")))
    with connection.cursor() as cursor:
        cursor.execute(
            COUNT_WRONG, {"login": login, "address": address, "until": until, "now": moment}
        )
    log_access(
        None,
        kind=AccessEventKind.LOGIN_FAILED,
        username=login.replace("\x00", ""),
        target="1C",
        request=request,
    )


def forget_wrong(login: str, *, address: str) -> None:
    """A right key came: its wrong ones are forgiven."""
    WrongKey.objects.filter(login=login, address=address).delete()


def file_name(typed: str) -> str:
    """The last part of the name that a program gave, fit to be stored."""
    return clean_name(typed)
