"""How values look on every page: {% load formats %}. The rules stand in crm.money, crm.phones.

{{ amount|money }} 1 234 567,89 ₽ · {{ amount|money_plain }} 1 234 567,89
{{ amount|money_round }} 1 234 568 ₽ · {{ amount|money_whole }} 1 234 568 · {{ share|percent }}
{{ count|qty }} 1 234 · {{ when|day }} 23.11.2026 · {{ when|moment }} 23.11.2026 14:05
{{ agent|browser }} · {{ when|month_name }} · {{ number|phone }} · {{ when|relative_day }}
{% filter one_stop %}…{{ person.short_name }}.{% endfilter %} ends in one full stop.
Nothing to show is a dash; relative_day says today, in 3 days, 5 days ago.
Links with changed parameters: Django's {% querystring page=2 %}.
"""

from datetime import date, datetime
from decimal import Decimal

from django import template
from django.utils import timezone
from django.utils.dates import MONTHS
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from crm.money import format_money, format_number, format_percent
from crm.phones import format_phone
from crm.sentences import one_stop

register = template.Library()

DASH = "—"
SHOWN_PLACES = 3

# The order matters: every browser calls itself also by its ancestors' names.
BROWSERS = (
    ("YaBrowser/", "Yandex Browser"),
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)

Number = Decimal | int


register.filter("one_stop", one_stop)


@register.filter
def money(value: Number | None) -> str:
    """Roubles with kopecks and the sign, FMT-1."""
    return DASH if value is None or value == "" else format_money(value)


@register.filter
def money_plain(value: Number | None) -> str:
    """Roubles with kopecks without the sign, for columns whose heading names the unit."""
    return DASH if value is None or value == "" else format_money(value, symbol=False)


@register.filter
def money_round(value: Number | None) -> str:
    """Whole roubles with the sign, for cards and charts."""
    return DASH if value is None or value == "" else f"{format_number(value)}\u00a0₽"


@register.filter
def money_whole(value: Number | None) -> str:
    """Whole roubles without the sign, for tables of many columns."""
    return DASH if value is None or value == "" else format_number(value)


@register.filter
def percent(value: Number | None, places: int = 0) -> str:
    """A percentage that is already multiplied by 100."""
    return DASH if value is None or value == "" else format_percent(value, places)


@register.filter
def qty(value: Number | None) -> str:
    """A quantity: thousands apart, at most three decimals, no trailing zeros."""
    if value is None or value == "":
        return DASH
    exact = value if isinstance(value, Decimal) else Decimal(value)
    places = max(0, -int(exact.normalize().as_tuple().exponent))
    return format_number(exact, min(places, SHOWN_PLACES))


@register.filter
def day(value: date | datetime | None) -> str:
    """A day, Moscow calendar."""
    if not value:
        return DASH
    return f"{_local(value):%d.%m.%Y}"


@register.filter
def day_month(value: date | datetime | None) -> str:
    """Day and month only, where the year is clear."""
    return day(value)[:5] if value else DASH


@register.filter
def moment(value: datetime | None) -> str:
    """Day and time, Moscow time."""
    if not value:
        return DASH
    return f"{_local(value):%d.%m.%Y %H:%M}"


@register.filter
def clock(value: datetime | None) -> str:
    """Hours and minutes, Moscow time."""
    return moment(value)[-5:] if value else DASH


@register.filter
def month_name(value: date | None) -> str:
    """Month and year in words; Russian months are written small."""
    if not value:
        return DASH
    name = str(MONTHS[value.month])
    return f"{name.lower() if get_language() == 'ru' else name} {value.year}"


@register.filter
def phone(value: str | None) -> str:
    """A stored phone number as people write it."""
    return format_phone(value) if value else DASH


@register.filter
def relative_day(value: date | None, today: date | None = None) -> str:
    """Distance from today in words: yesterday, today, in 3 days, 5 days ago."""
    if not value:
        return DASH
    if isinstance(value, datetime):
        value = timezone.localtime(value).date()
    distance = (value - (today or timezone.localdate())).days
    if abs(distance) <= 1:
        return {-1: _("yesterday"), 0: _("today"), 1: _("tomorrow")}[distance]
    if distance > 0:
        return ngettext("in %(days)s day", "in %(days)s days", distance) % {"days": distance}
    return ngettext("%(days)s day ago", "%(days)s days ago", -distance) % {"days": -distance}


@register.filter
def browser(user_agent: str) -> str:
    """Browser and system out of a user agent, for people; unknown ones stay as they are."""
    found = [
        next((words for mark, words in table if mark in user_agent), "")
        for table in (BROWSERS, SYSTEMS)
    ]
    return ", ".join(filter(None, found)) or user_agent[:80] or DASH


def _local(value: date | datetime) -> date | datetime:
    """Moscow time of an aware moment; days have no zone."""
    if isinstance(value, datetime) and timezone.is_aware(value):
        return timezone.localtime(value)
    return value
