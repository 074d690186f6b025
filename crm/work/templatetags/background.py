"""{% load background %}: where people wait for background work, whether it goes on."""

from datetime import datetime
from typing import Any

from django import template

from crm.work.background import background, is_fresh

register = template.Library()


@register.inclusion_tag("work/_background_note.html")
def background_note(what: str = "work", working_at: datetime | None = None) -> dict[str, Any]:
    """Says that what was asked for waits, while no worker gives a sign of life; else nothing.

    `what` is "work", "mail" or "import"; `working_at` is a sign of life of the very work shown.
    """
    state = background()
    return {
        "asleep": not state.alive and not is_fresh(working_at),
        "since": state.last_tick,
        "what": what,
    }
