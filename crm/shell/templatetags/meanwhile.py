"""What was done to the record of a form that came too late."""

from typing import Any

from django import template
from django.db.models import Model
from django.forms import BaseForm

from crm.accounts.history_view import Entry
from crm.accounts.meanwhile import changes_since

register = template.Library()


@register.simple_tag(takes_context=True)
def meanwhile(context: dict[str, Any], form: BaseForm | None) -> list[Entry]:
    """Entries of the history since the version that the form was shown with."""
    record, version = getattr(form, "stale_since", (None, 0))
    if not isinstance(record, Model):
        return []
    words = getattr(form, "history_words", {})
    return changes_since(record, version, viewer=context["request"].user, **words)
