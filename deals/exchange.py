"""The protocol of exchange with 1C (D.12.2): its session, its counter of wrong keys, its answers.

A session of the protocol is a signed value of its own: a person's session neither opens it nor is
opened by it.
"""

from __future__ import annotations

import base64
import binascii
import secrets
from dataclasses import dataclass

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from crm.accounts.visitor import client_ip
from crm.work.registry import setting
from deals import permissions
from deals.models import ExchangeToken, WrongKey

COOKIE = "exchange"
SALT = "deals.exchange"
LONGEST_CREDENTIALS = 400
EMPTY = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<КоммерческаяИнформация ВерсияСхемы="2.10" ДатаФормирования="{moment}"/>\n'
)


@dataclass(frozen=True)
class Session:
    """A program that has signed in."""

    token: ExchangeToken
    key: str


def credentials_of(request: HttpRequest) -> tuple[str, str]:
    """Login and secret of the Basic header; empty when there is none."""
    kind, _gap, encoded = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "basic" or len(encoded) > LONGEST_CREDENTIALS:
        return "", ""
    try:
        login, _colon, secret = base64.b64decode(encoded).decode("utf-8").partition(":")
    except (binascii.Error, ValueError):
        return "", ""
    return login.replace("\x00", "")[:40], secret


def open_session(token: ExchangeToken) -> str:
    """The value of the cookie: who signed in, and a name for what this session sends."""
    return signing.dumps({"token": token.pk, "key": secrets.token_hex(8)}, salt=SALT)


def session_of(request: HttpRequest) -> Session | None:
    """The session, as long as it is fresh, its key valid and its person may import."""
    minutes = int(setting("exchange.session_minutes"))
    try:
        value = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=minutes * 60)
        token_id, key = int(value["token"]), str(value["key"])
    except (signing.BadSignature, KeyError, TypeError, ValueError):
        return None
    token = ExchangeToken.objects.valid().select_related("user").filter(pk=token_id).first()
    if token is None or not permissions.can_act_in_exchange(token.user):
        return None
    return Session(token, key)


# Wrong keys, counted like wrong passwords: for one login from one address (security.lockout_*).


def is_locked(login: str, request: HttpRequest) -> bool:
    """Whether so many wrong keys came that no more are looked at for a while."""
    count = setting("security.lockout_attempts")
    rows = WrongKey.objects.filter(login=login, address=address_of(request))
    return rows.filter(until__gt=timezone.now(), count__gte=count).exists()


def address_of(request: HttpRequest) -> str:
    """The address that the request came from."""
    return str(client_ip(request) or "")[:45]


# Answers: the first line is one word of the protocol.


def told(word: str, *lines: str, status: int = 200) -> HttpResponse:
    """A plain text of lines; ASCII but for sentences to people."""
    text = "\n".join([word, *lines])
    return HttpResponse(text, status=status, content_type="text/plain; charset=utf-8")


def nothing_to_send() -> HttpResponse:
    """A valid document without documents: orders belong to a later part."""
    text = EMPTY.format(moment=f"{timezone.localtime():%Y-%m-%dT%H:%M:%S}")
    return HttpResponse(text, content_type="text/xml; charset=utf-8")
