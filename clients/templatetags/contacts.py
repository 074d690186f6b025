"""How contacts look in a timeline: {% load contacts %}."""

from typing import Any

from django import template
from django.utils import timezone
from django.utils.safestring import SafeString

from clients import permissions
from clients.forms.contacts import KIND_ICONS
from clients.models import ContactLog, ContactState
from crm.shell.templatetags.shell import icon

register = template.Library()

TONES: dict[str, str] = {ContactState.PLANNED: "tone-info", ContactState.MISSED: "tone-danger"}
STATE_ICONS: dict[str, str] = {
    ContactState.MISSED: "phone-x",
    ContactState.RESCHEDULED: "calendar-time",
    ContactState.CANCELLED: "calendar-off",
}


@register.simple_tag
def contact_icon(contact: ContactLog) -> SafeString:
    """The kind of a contact, or what became of a plan."""
    return icon(STATE_ICONS.get(contact.state) or KIND_ICONS.get(contact.kind_key, "point"))


@register.simple_tag
def contact_tone(contact: ContactLog) -> str:
    """Class of the mark; the words stand beside it."""
    return TONES.get(contact.state, "")


@register.simple_tag
def promise_tone(contact: ContactLog) -> str:
    """Kept, broken or late without a word; red stays for what My day asks for today."""
    if contact.promise_kept:
        return "success"
    late = contact.promise_on is not None and contact.promise_on < timezone.localdate()
    return "warning" if late or contact.promise_kept is False else "neutral"


@register.simple_tag(takes_context=True)
def may_edit_contact(context: dict[str, Any], contact: ContactLog) -> bool:
    """Whether the reader may correct the contact now."""
    now = context.get("now") or timezone.now()
    return permissions.can_edit_contact(context["request"].user, contact, now)
