"""The rows of My day as HTML: twenty-five of them with some twenty words, marks and addresses each.

Rows differ in values only, so their template is rendered once for each shape of a row, with places
left for the values, and filled for every row. The values are escaped here. The counters above them
and the days beside them, some thirty small links, are written the same way.
"""

from dataclasses import dataclass
from datetime import date
from html import escape
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from claims.models import Escalation
from claims.permissions import can_see_escalations
from crm.accounts.models import Role, User
from crm.accounts.scope import held_by
from crm.phones import format_phone
from crm.shell.nav import address
from crm.shell.templatetags.formats import day, relative_day
from crm.shell.templatetags.shell import category_badge, icon, reason_chip
from reports.queries.my_day import Counted, MyDay, QueueRow, WeekDay

MOST_CHIPS = 3
MOST_COUNTERS = 8  # more of them would push the first client down the window
FIRST_COUNTERS = 6  # the gravest
OPTIONAL = ("phone", "wake_url", "snooze_url")
PATHS = ("detail", "snooze", "unsnooze")


def parts(my_day: MyDay, params: QueryDict, *, is_own: bool) -> dict[str, Any]:
    """What the template puts into their places."""
    return {
        "is_own": is_own,
        "rows": queue_rows(my_day, is_own=is_own),
        "counters": counters(my_day, params),
        "week": week(my_day),
        "closed_url": _contacts_of_day(my_day.person, my_day.closed_on),
    }


def queue_rows(my_day: MyDay, *, is_own: bool) -> SafeString:
    """The shown rows of the queue; only one's own clients are put off."""
    patterns: dict[tuple[bool, ...], str] = {}
    filled: list[str] = []
    for line in _lines(my_day, is_own=is_own):
        shape = (not filled, *(bool(line[key]) for key in OPTIONAL))
        if shape not in patterns:
            patterns[shape] = _pattern(line, is_first=not filled)
        filled.append(patterns[shape] % line)
    return SafeString("".join(filled))


def counters(my_day: MyDay, params: QueryDict) -> SafeString:
    """How many clients each reason holds for, each with the link that narrows the queue to it.

    The gravest first; where they are many the others stand behind a line that opens.
    """
    query = params.copy()
    for key in ("reason", "snoozed", "show"):
        query.pop(key, None)
    base = escape(f"?{query.urlencode()}&" if query else "?")
    chosen = my_day.queue.reason
    links = [_counter(one, f"{base}reason={one.rule.code}", chosen) for one in my_day.queue.counts]
    if len(links) <= MOST_COUNTERS:
        return SafeString("".join(links))
    first, more = links[:FIRST_COUNTERS], links[FIRST_COUNTERS:]
    is_open = chosen in {one.rule.code for one in my_day.queue.counts[FIRST_COUNTERS:]}
    words = _("More reasons: %(n)s") % {"n": len(more)}
    return SafeString(
        f'{"".join(first)}<details class="counters-more"{" open" if is_open else ""}>'
        f'<summary class="counter">{escape(words)}{icon("chevron-down")}</summary>'
        f'<div class="counters-rest">{"".join(more)}</div></details>'
    )


def _counter(counted: Counted, url: str, chosen: str) -> str:
    rule = counted.rule
    on, current = (" counter-on", ' aria-current="true"') if rule.code == chosen else ("", "")
    shown = f"{icon(rule.icon)}{escape(str(rule.name))} <b>{counted.count}</b>"
    return f'<a class="counter tone-{rule.tone}{on}" href="{url}"{current}>{shown}</a>\n'


def week(my_day: MyDay) -> SafeString:
    """The days of the strip: what is planned and was done, each with the link to the contacts."""
    return SafeString("".join(_day_of_week(one, my_day.person) for one in my_day.week))


def _contacts_of_day(person: User, on: date, *states: str) -> str:
    """The contacts of the person on a day; done ones if no state is named."""
    chosen = [("state", state) for state in states or ("done",)]
    facts = [("by", person.pk), *chosen, ("done_from", on), ("done_to", on)]
    return f"{reverse('clients:contact_list')}?{urlencode(facts)}"


def _day_of_week(one: WeekDay, person: User) -> str:
    looks = ("week-today" if one.is_today else "", "" if one.is_working else "week-off")
    current = ' aria-current="date"' if one.is_today else ""
    url = escape(_contacts_of_day(person, one.day, "planned", "done"))
    done = f" / {one.done}" if one.done else ""
    return (
        f'<li class="{" ".join(filter(None, looks))}"><a href="{url}"{current}>'
        f'<span class="week-name">{WEEKDAYS_ABBR[one.day.weekday()]}</span>'
        f'<b>{one.day.day}</b><span class="week-figures" aria-hidden="true">'
        f"{one.planned or '·'}{done}</span>"
        f'<span class="visually-hidden">{escape(one.words)}</span></a></li>\n'
    )


def _pattern(line: dict[str, SafeString], *, is_first: bool) -> str:
    """A row of this shape with places for the values."""
    kept = [key for key in line if line[key] or key not in OPTIONAL]
    places = {key: SafeString(f"%({key})s") for key in kept}
    return render_to_string("reports/_my_day_row.html", {"line": places, "is_first": is_first})


def _lines(my_day: MyDay, *, is_own: bool) -> list[dict[str, SafeString]]:
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
        **{key: SafeString(escape(text)) for key, text in texts.items()},
        **{key: SafeString(address) for key, address in addresses.items()},
    }


def _who(row: QueueRow, common: Common) -> SafeString:
    """Instead of whom, and whom to speak to."""
    people = [escape(row.client.person)] if row.client.person else []
    if row.absent:
        absent = _("for %(name)s") % {"name": row.absent}
        people.insert(0, f"{common.absent_icon} {escape(absent)}")
    return SafeString("".join(f'<span class="queue-person">{one}</span>' for one in people))


def _chips(row: QueueRow, common: Common) -> SafeString:
    """Why the client is here, until when it was put off, and when it was last contacted."""
    client = row.client
    chips: list[str] = [
        reason_chip(reason.label, reason.rule.tone, reason.rule.icon, reason.link)
        for reason in row.reasons[:MOST_CHIPS]
    ]
    if client.snoozed_until:
        until = _("Put off to %(date)s") % {"date": day(client.snoozed_until)}
        chips.append(reason_chip(until, "neutral", "zzz"))
    if client.last_contact_at:
        last = relative_day(client.last_contact_at, common.today)
        words = escape(f"{common.words['last']} {last}")
        chips.append(f'<span class="queue-last">{words}</span>')
    return SafeString("".join(chips))


MOST_ESCALATIONS = 10
# Those to whom matters are handed up; others settle them only while they substitute such a one.
SETTLES = frozenset({Role.SECTOR_HEAD, Role.DEPARTMENT_HEAD, Role.DIRECTOR})


@dataclass(frozen=True)
class EscalationLine:
    """A matter that the person has to settle, with its chip."""

    row: Escalation
    today: date

    @property
    def chip(self) -> SafeString:
        """Until when; red once that has gone by."""
        late = self.row.due_on < self.today
        words = _("Settle by %(day)s, late") if late else _("Settle by %(day)s")
        label = words % {"day": f"{self.row.due_on:%d.%m}"}
        url = self.row.get_absolute_url()
        return SafeString(reason_chip(label, "danger" if late else "warning", "stairs-up", url))

    @property
    def kind(self) -> SafeString:
        """What it is about, as a chip."""
        return SafeString(reason_chip(self.row.get_kind_display(), "neutral", "message-report"))


def escalations_of(person: User, viewer: User, today: date) -> list[EscalationLine]:
    """What the person has to settle now, as far as the viewer sees it; the nearest day first."""
    roles = {person.role, *(one.owner.role for one in held_by(person, today))}
    if SETTLES.isdisjoint(roles) or not can_see_escalations(viewer):
        return []
    rows = Escalation.objects.visible_to(viewer) & Escalation.objects.awaiting(person)
    found = rows.for_list().order_by("due_on", "pk")[:MOST_ESCALATIONS]
    return [EscalationLine(row, today) for row in found]
