"""Tokens of personal links: 256 random bits, of which only a digest is kept.

Until its letter is out the outbox keeps a random secret from which the token is made with the key
of the installation: a copy of the database opens no link. Each kind of link has a salt of its own.
"""

from __future__ import annotations

import secrets
from base64 import urlsafe_b64encode
from hashlib import sha256

from django.conf import settings
from django.urls import reverse
from django.utils.crypto import salted_hmac


def new_secret() -> str:
    """256 random bits."""
    return secrets.token_urlsafe(32)


def token_of(secret: str, salt: str) -> str:
    """The token that stands in the address."""
    made = salted_hmac(salt, secret, algorithm="sha256").digest()
    return urlsafe_b64encode(made).decode().rstrip("=")


def digest_of(token: str) -> str:
    """What is kept of a token: SHA-256 is enough for 256 random bits."""
    return sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def address_of(url_name: str, token: str) -> str:
    """The whole address, for the letter."""
    return f"{settings.SITE_URL}{reverse(url_name, args=[token])}"
