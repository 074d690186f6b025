"""The rows of My day as the template shows them: words, marks and addresses, each worked out once.

A row of the queue has some twenty of them and a page twenty-five rows, so they are plain strings
in a dict: what a template looks up fastest.
"""

from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from crm.phones import format_phone
from crm.shell.nav import address
from crm.shell.templatetags.formats import day, relative_day
from crm.shell.templatetags.shell import category_badge, icon, reason_chip
from reports.queries.my_day import MyDay, QueueRow

MOST_CHIPS = 3
PATHS = ("detail", "snooze", "unsnooze")


def queue_lines(my_day: MyDay, *, is_own: bool) -> list[dict[str, SafeString]]:
    """The shown rows of the queue; only one's own clients are put off."""
    common = Common(
        today=my_day.at.today,
        is_own=is_own,
        composer=address("clients:composer"),
        paths={name: reverse(f"clients:{name}", args=[0]) for name in PATHS},
        badges={
            row.client.category: category_badge(row.client.category) for row in my_day.queue.rows
        },
        absent_icon=icon("users"),
        words={
            "call": _("Call %(name)s"),
            "put_off": _("Put off %(name)s"),
            "last": _("last contact"),
        },
    )
    return [_line(row, common) for row in my_day.queue.rows]


@dataclass(frozen=True)
class Common:
    """What is the same in every row, worked out once."""

    today: date
    is_own: bool
    composer: str
    paths: dict[str, str]
    badges: dict[str | None, SafeString]
    absent_icon: SafeString
    words: dict[str, str]

    def path(self, name: str, client_id: int | None) -> str:
        """The address of the client under the name."""
        return self.paths[name].replace("/0/", f"/{client_id}/")


def _line(row: QueueRow, common: Common) -> dict[str, SafeString]:
    client, name = row.client, {"name": row.client.name}
    is_asleep = client.snoozed_until is not None
    may_put_off = common.is_own and not is_asleep
    texts = {
        "name": client.name,
        "phone": row.phone,
        "phone_shown": format_phone(row.phone) if row.phone else "",
        "call_words": common.words["call"] % name,
        "put_off_words": common.words["put_off"] % name,
    }
    addresses = {
        "key": str(client.pk),
        "url": common.path("detail", client.pk),
        "log_url": f"{common.composer}?client={client.pk}",
        "wake_url": common.path("unsnooze", client.pk) if is_asleep else "",
        "snooze_url": common.path("snooze", client.pk) if may_put_off else "",
    }
    return {
        "badge": common.badges[client.category],
        "who": _who(row, common),
        "chips": _chips(row, common),
        **{key: escape(text) for key, text in texts.items()},
        **{key: SafeString(address) for key, address in addresses.items()},
    }


def _who(row: QueueRow, common: Common) -> SafeString:
    """Instead of whom, and whom to speak to."""
    people = [row.client.person] if row.client.person else []
    if row.absent:
        absent = _("for %(name)s") % {"name": row.absent}
        people.insert(0, format_html("{} {}", common.absent_icon, absent))
    return format_html_join("", '<span class="queue-person">{}</span>', ((one,) for one in people))


def _chips(row: QueueRow, common: Common) -> SafeString:
    """Why the client is here, until when it was put off, and when it was last contacted."""
    client = row.client
    chips = [
        reason_chip(reason.label, reason.rule.tone, reason.rule.icon, reason.link)
        for reason in row.reasons[:MOST_CHIPS]
    ]
    if client.snoozed_until:
        until = _("Put off to %(date)s") % {"date": day(client.snoozed_until)}
        chips.append(reason_chip(until, "neutral", "zzz"))
    if client.last_contact_at:
        last = relative_day(client.last_contact_at, common.today)
        words = common.words["last"], last
        chips.append(format_html('<span class="queue-last">{} {}</span>', *words))
    return format_html_join("", "{}", ((chip,) for chip in chips))
