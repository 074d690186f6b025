"""How django-allauth behaves here: no sign-up, our address of a visitor, guarded second factors."""

import base64
from hashlib import sha256
from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.accounts.models import User
from crm.accounts.visitor import client_ip, guess_key
from crm.people.signin import needs_second_factor


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are made by the administrator."""

    # One sentence for both ways to sign in: the field is called so.
    error_messages: ClassVar = DefaultAccountAdapter.error_messages | dict.fromkeys(
        ("username_password_mismatch", "email_password_mismatch"),
        gettext_lazy("The login, the e-mail or the password is wrong."),
    )

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_ip(request) or "0.0.0.0"  # noqa: S104  (a socket without an address)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:  # noqa: ARG002
        """Back to work: a changed password is not changed again."""
        return "/"

    def clean_password(self, password: str, user: User | None = None) -> str:
        """The rules of passwords, and never the one that is in use."""
        checked: str = super().clean_password(password, user=user)
        if user is not None and user.pk and user.check_password(checked):
            raise ValidationError(_("The new password must differ from the old one."))
        return checked

    def _get_login_attempts_cache_key(
        self,
        request: HttpRequest,  # noqa: ARG002  (as allauth calls it)
        **credentials: Any,
    ) -> str:
        """Guesses at one person count together, whether the login or the e-mail is typed."""
        return guess_key(credentials.get("email") or credentials.get("username") or "")


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Secrets are stored encrypted; a compulsory second factor cannot be turned off."""

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        return not needs_second_factor(authenticator.user)

    def encrypt(self, text: str) -> str:
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _cipher().decrypt(encrypted_text.encode()).decode()


def _cipher() -> MultiFernet:
    """A cipher of SECRET_KEY; former keys still decrypt."""
    keys = [str(key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
    derived = [base64.urlsafe_b64encode(sha256(f"mfa:{key}".encode()).digest()) for key in keys]
    return MultiFernet([Fernet(key) for key in derived])
