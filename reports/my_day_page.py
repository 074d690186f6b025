"""The rows of My day as the template shows them: words, marks and addresses, each worked out once.

A row of the queue has some twenty of them and a page twenty-five rows, so they are plain strings
in a dict: what a template looks up fastest.
"""

from typing import Any

from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from crm.phones import format_phone
from crm.shell.nav import address
from crm.shell.templatetags.formats import day, relative_day
from crm.shell.templatetags.shell import category_badge, reason_chip
from reports.queries.my_day import MyDay, QueueRow

MOST_CHIPS = 3


def queue_lines(my_day: MyDay, *, is_own: bool) -> list[dict[str, Any]]:
    """The shown rows of the queue; only one's own clients are put off."""
    words = {"call": _("Call %(name)s"), "put_off": _("Put off %(name)s")}
    composer = address("clients:composer")
    return [_line(row, my_day, words, composer, is_own) for row in my_day.queue.rows]


def _line(
    row: QueueRow, my_day: MyDay, words: dict[str, str], composer: str, is_own: bool
) -> dict[str, Any]:
    client, name = row.client, {"name": row.client.name}
    may_put_off = is_own and row.snoozed_until is None
    last = client.last_contact_at
    return {
        "key": str(client.pk),
        "name": client.name,
        "url": client.get_absolute_url(),
        "badge": category_badge(client.category),
        "absent": _("for %(name)s") % {"name": row.absent.short_name} if row.absent else "",
        "person": row.person.full_name if row.person else "",
        "chips": _chips(row),
        "last": relative_day(last, my_day.at.today) if last else "",
        "log_url": f"{composer}?client={client.pk}",
        "phone": row.phone,
        "phone_shown": format_phone(row.phone) if row.phone else "",
        "call_words": words["call"] % name,
        "wake_url": reverse("clients:unsnooze", args=[client.pk]) if row.snoozed_until else "",
        "snooze_url": reverse("clients:snooze", args=[client.pk]) if may_put_off else "",
        "put_off_words": words["put_off"] % name,
    }


def _chips(row: QueueRow) -> SafeString:
    """Why the client is here, and until when it was put off."""
    chips = [
        reason_chip(reason.label, reason.rule.tone, reason.rule.icon, reason.link)
        for reason in row.reasons[:MOST_CHIPS]
    ]
    if row.snoozed_until:
        until = _("Put off to %(date)s") % {"date": day(row.snoozed_until)}
        chips.append(reason_chip(until, "neutral", "zzz"))
    return format_html_join("", "{}", ((chip,) for chip in chips))
