"""Checking a password: one person is looked up and one password is hashed, whoever was typed."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest

from crm.accounts.visitor import find_by_login


class SignInBackend(AuthenticationBackend):
    """Login or e-mail; demo logins only where the installation is a demonstration."""

    def _authenticate(
        self,
        request: HttpRequest | None,  # noqa: ARG002  (as Django calls it)
        **credentials: Any,
    ) -> AbstractBaseUser | None:
        typed = credentials.get("username") or credentials.get("email") or ""
        password = credentials.get("password") or ""
        checked: AbstractBaseUser | None = self._check_password(find_by_login(typed), password)
        return checked

    def user_can_authenticate(self, user: AbstractBaseUser | None) -> bool:
        allowed: bool = super().user_can_authenticate(user)
        return allowed and (settings.DEMO or not getattr(user, "is_demo", False))
