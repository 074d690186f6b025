"""Reasons of claims among the dictionaries that the administrator keeps."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from claims.models import ClaimKind, ClaimReason
from clients import books
from clients.books import Book, Part, flag


def _kind_field() -> forms.Field:
    choices = [("", _("goods and service")), *ClaimKind.choices]
    return forms.ChoiceField(label=_("Claims for"), choices=choices, required=False)


def _kind_shown(reason: Any) -> str:
    return str(reason.get_kind_display() if reason.kind else _("goods and service"))


def register_claim_reasons_book() -> None:
    """Called once when the app is ready."""
    parts = (
        Part("kind", _("Claims for"), _kind_field, _kind_shown),
        flag(
            "tells_purchasing",
            _("Purchasing"),
            _("Purchasing is notified as soon as a claim for goods is registered"),
            initial=False,
        ),
    )
    books.register(Book("claim_reasons", ClaimReason, _("Claim reasons"), parts))
