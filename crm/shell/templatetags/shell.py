"""Building blocks of every page: {% load shell %}. All of them are shown on /kit/ (DEBUG).

One-line marks (cheap, for rows of a table):
  {% icon "phone" %}                                    {% avatar person.short_name %}
  {% category_badge client.category %}                  A, B, C as a letter and a colour
  {% status_chip _("Active") "success" %}               tone: success info warning danger neutral
  {% reason_chip _("Overdue 12 days") "danger" "clock-exclamation" url %}
  {% progress done plan label=_("Contacts") %}          <progress> with words
  {% heat_cell 78 "78 %" url level=4 %}                 a <td>, level 0..5
  {% delta 12.5 good_is_up=True %}                      ▲ 12,5 % with words
Blocks:
  {% kpi label=_("Debt") value=sum|money url=url plan=… percent=87 delta=-3 spark=values how=url %}
  {% empty_state _("No clients yet") text=_("…") icon="users" url=… action=_("Add a client") %}
  {% error_state _("…") retry=url target="#id" %}       a fragment that could not be loaded
  {% skeleton rows=5 %}                                 while a fragment loads
  {% pager prev=url next=url text=_("1–50 of 10,000+") target="#id" %}
  {% filter_chip _("Category") "A" remove_url %}        an active filter with ×
  {% sparkline values label=_("…") %}   {% stacked_bar parts %}   parts: (share, tone, words)
  {% chart "id" spec title=_("…") %}    spec: type, labels, datasets, unit (see static/js/charts.js)
  {% crumb _("Clients") url %}          inside {% block breadcrumbs %}; without url: this page
  {% line_crumb %}                      the same of the line that the rail marks
Forms: {% field form.name label=_("…") help=_("…") autofocus=True %}   {% form_errors form %}
  a control drawn by hand: <input name=… {% wrong form.name %}> {% field_errors form.name %}
Classes: num (right-aligned figures), table-dense, table-stack + data-label (cards on a phone),
heat-0…heat-5, timeline-list, chips + chip-input (radio chips), tap (44 px target).
Behaviour is declared in attributes, see the head of static/js/app.js.
"""

import json
from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import lru_cache
from html import escape
from typing import Any

from django import template
from django.core.serializers.json import DjangoJSONEncoder
from django.forms import BaseForm, BoundField, CheckboxInput, RadioSelect, Select
from django.template import RequestContext
from django.utils.formats import localize
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from crm.markup import escaped
from crm.money import format_number, round_half_up
from crm.names import initials
from crm.shell import nav, parts, wording
from crm.shell.templatetags.formats import DASH, money_plain

register = template.Library()

Number = Decimal | int
INVALID = SafeString(' aria-invalid="true"')
CATEGORIES = {"A", "B", "C"}
SPARK_WIDTH, SPARK_HEIGHT = 100, 28


@register.simple_tag
@lru_cache(maxsize=1024)
def icon(name: str, extra: str = "") -> SafeString:
    """A decorative icon; the words stand beside it or in the control's label."""
    return mark_safe(f'<i class="ti ti-{escape(name)} {escape(extra)}" aria-hidden="true"></i>')


@register.simple_tag
def avatar(name: str, size: str = "sm") -> SafeString:
    """Initials of a person in a circle; decorative."""
    return format_html(
        '<span class="avatar avatar-{} avatar-rounded" aria-hidden="true">{}</span>',
        size,
        initials(str(name)),
    )


@register.simple_tag
def category_badge(category: str | None, extra: str = "") -> SafeString:
    """The client's category: a letter in a square, a dash while it is undecided."""
    return _badge(category if category in CATEGORIES else "", extra, get_language())


@lru_cache(maxsize=64)
def _badge(letter: str | None, extra: str, _language: str | None) -> SafeString:
    words = _("Category %(letter)s") % {"letter": letter} if letter else _("No category yet")
    said = escape(words)
    return mark_safe(
        f'<span class="category category-{letter or "none"} {escape(extra)}" title="{said}">'
        f'<span class="visually-hidden">{said}</span>'
        f'<span aria-hidden="true">{letter or "–"}</span></span>'
    )


@register.filter
def leads_for(url: str, user: Any) -> bool:
    """Whether the address opens for the person: no link leads to a refusal."""
    return nav.leads(user, url)


@register.simple_tag
def status_chip(label: str, tone: str = "neutral", icon_name: str = "") -> SafeString:
    """A state in words; the colour only repeats them."""
    mark = icon(icon_name) if icon_name else mark_safe('<span class="status-dot"></span>')
    return mark_safe(
        f'<span class="status-chip tone-{escaped(tone)}">{mark}{escaped(label)}</span>'
    )


@register.simple_tag
def reason_chip(
    label: str, tone: str = "neutral", icon_name: str = "point", url: str = ""
) -> SafeString:
    """Why a row stands where it stands: icon and words, a link to what made it so."""
    words = str(label) if hasattr(label, "__html__") else escape(str(label))
    tag, link = ("a", f' href="{escape(url)}"') if url else ("span", "")
    return mark_safe(
        f'<{tag} class="reason-chip tone-{escape(tone)}"{link}>{icon(icon_name)}{words}</{tag}>'
    )


@register.simple_tag
def progress(value: Number, maximum: Number = 100, label: str = "", tone: str = "") -> SafeString:
    """A bar by the element made for it; `label` is read out and shown on hover."""
    return format_html(
        '<progress class="progress progress-sm {}" value="{}" max="{}" aria-label="{}" title="{}">'
        "</progress>",
        f"bar-{tone}" if tone else "",
        _plain(value),
        _plain(maximum),
        label,
        label,
    )


@register.simple_tag
def heat_cell(
    value: Number | None,
    text: str,
    url: str = "",
    level: int | None = None,
    title: str = "",
) -> SafeString:
    """A cell of a heat map with its figure; `value` is a percentage when no level is given."""
    step = level if level is not None else heat_level(value)
    inner = f'<a href="{escape(url)}">{escape(text)}</a>' if url else escape(text)
    return mark_safe(f'<td class="heat heat-{step:d}" title="{escape(title)}">{inner}</td>')


@register.simple_tag
def delta(value: Number | None, good_is_up: bool = True, suffix: str = "%") -> SafeString:
    """Change to the previous period: arrow, figure, and whether that is good."""
    if value is None:
        return mark_safe("")
    amount = format_number(abs(round_half_up(value, 1)), 1).removesuffix(",0")
    direction = "up" if value > 0 else "down" if value < 0 else "same"
    words = {"up": _("growth"), "down": _("decline"), "same": _("unchanged")}[direction]
    good = "good" if (value > 0) == good_is_up else "bad"
    return format_html(
        '<span class="delta delta-{}"><i class="ti ti-{}" aria-hidden="true"></i>'
        '<span class="visually-hidden">{} </span>{}\u00a0{}</span>',
        good if value else "same",
        {"up": "trending-up", "down": "trending-down", "same": "minus"}[direction],
        words,
        amount,
        suffix,
    )


@register.simple_tag
def filter_chip(label: str, value: str, remove_url: str) -> SafeString:
    """An active filter; × takes it off."""
    return format_html(
        '<span class="filter-chip"><span class="filter-chip-label">{}:</span> {}'
        '<a href="{}" aria-label="{}"><i class="ti ti-x" aria-hidden="true"></i></a></span>',
        label,
        value,
        remove_url,
        _("Remove the filter %(name)s: %(value)s") % {"name": label, "value": value},
    )


@register.simple_tag
def crumb(label: str, url: str = "") -> SafeString:
    """A breadcrumb; the one without an address is this page."""
    if not url:
        return format_html('<li class="breadcrumb-item active" aria-current="page">{}</li>', label)
    return format_html('<li class="breadcrumb-item"><a href="{}">{}</a></li>', url, label)


@register.simple_tag(takes_context=True)
def line_crumb(context: RequestContext) -> SafeString:
    """The breadcrumb of the rail's line that the page belongs to; nothing where it has none."""
    above = context["shell"].line_above
    return crumb(*above) if above else mark_safe("")


@register.simple_tag
def line_url(key: str) -> str:
    """Where the line of the rail leads."""
    return nav.line_of(key).url


@register.simple_tag
def sparkline(values: Sequence[Number], label: str = "", tone: str = "accent") -> SafeString:
    """A small line without axes; the words in `label` say what it shows."""
    if len(values) < 2:
        return mark_safe("")
    return format_html(
        '<svg class="sparkline spark-{}" viewBox="0 -2 {} {}" preserveAspectRatio="none" '
        'role="img" aria-label="{}"><polyline points="{}"/></svg>',
        tone,
        SPARK_WIDTH,
        SPARK_HEIGHT + 4,
        label or _("Trend"),
        _points(values),
    )


@register.simple_tag
def stacked_bar(parts: Iterable[tuple[Number, str, str]], label: str = "") -> SafeString:
    """Shares of a whole (percentages) side by side: (share, tone, words)."""
    start, rectangles = Decimal(0), []
    for share, tone, words in parts:
        rectangles.append((f"{start:.2f}%", f"{share:.2f}%", tone, words))
        start += share
    inner = format_html_join(
        "",
        '<rect x="{}" width="{}" height="100%" class="fill-{}"><title>{}</title></rect>',
        rectangles,
    )
    return format_html('<svg class="stacked-bar" role="img" aria-label="{}">{}</svg>', label, inner)


@register.inclusion_tag("shell/_field.html")
def field(bound: BoundField, *, label: str = "", help: str = "", **attrs: Any) -> dict[str, Any]:
    """One field with its label, help and errors; `attrs` go to the control."""
    widget = bound.field.widget
    is_check = isinstance(widget, CheckboxInput)
    css = "form-check-input" if is_check else "form-control"
    css = "form-select" if isinstance(widget, Select) and not is_check else css
    notes = [f"{bound.auto_id}_help"] if help or bound.help_text else []
    if bound.errors:
        notes.append(f"{bound.auto_id}_error")
        attrs["aria-invalid"] = "true"
    if notes:
        attrs["aria-describedby"] = " ".join(notes)
    attrs["class"] = f"{css} is-invalid" if bound.errors else css
    return {
        "field": bound,
        "label": label or bound.label,
        "help": help or bound.help_text,
        "is_check": is_check,
        "is_choice": isinstance(widget, RadioSelect),
        "notes": " ".join(notes),
        "control": bound.as_widget(attrs=attrs),
    }


@register.inclusion_tag("shell/_field_errors.html")
def field_errors(bound: BoundField) -> dict[str, Any]:
    """What is wrong with a field whose control the template draws itself with {% wrong %}."""
    return {"field": bound}


@register.simple_tag
def wrong(bound: BoundField, *notes: str, group: bool = False) -> SafeString:
    """Attributes of a control that a template draws: that it is wrong, and what says why.

    `notes` are ids of what else describes it; a group of controls says only that.
    """
    said = [*notes, f"{bound.auto_id}_error"] if bound.errors else notes
    described = format_html('aria-describedby="{}"', " ".join(said)) if said else SafeString()
    return described if group or not bound.errors else described + INVALID


@register.inclusion_tag("shell/_form_errors.html")
def form_errors(form: BaseForm, *, unseen: bool = True) -> dict[str, Any]:
    """What is wrong with the form as a whole, and with what it sends unseen."""
    hidden = wording.of_unseen(form) if unseen else ()
    return {"errors": [*form.non_field_errors(), *hidden]}


@register.inclusion_tag("shell/_kpi_card.html")
def kpi(*, label: str, value: str, url: str = "", **more: Any) -> dict[str, Any]:
    """A figure with plan, share, change and trend; a link to the rows that make it."""
    return {"label": label, "value": value, "url": url, "good_is_up": True, **more}


@register.inclusion_tag("shell/_empty.html")
def empty_state(title: str, **more: Any) -> dict[str, Any]:
    """Nothing here, why, and what to do next."""
    return {"title": title, **more}


@register.inclusion_tag("shell/_error.html")
def error_state(title: str = "", **more: Any) -> dict[str, Any]:
    """A part of the page that could not be loaded."""
    return {"title": title or _("This part could not be loaded."), **more}


@register.inclusion_tag("shell/_skeleton.html")
def skeleton(rows: int = 3) -> dict[str, Any]:
    """Grey lines while a fragment is on its way."""
    return {"rows": range(rows)}


@register.inclusion_tag("shell/_pager.html")
def pager(**more: Any) -> dict[str, Any]:
    """Previous and next page with the position in words."""
    return more


@register.inclusion_tag("shell/_chart.html")
def chart(key: str, spec: dict[str, Any], *, title: str, text: str = "") -> dict[str, Any]:
    """A chart with its table twin and PNG export."""
    return {
        "key": key,
        "spec": spec,
        # Text, because htmx takes scripts out of what it swaps in.
        "spec_json": json.dumps(spec, cls=DjangoJSONEncoder),
        "spec_id": f"{key}-spec",
        "title": title,
        "text": text,
        "rows": _chart_rows(spec),
    }


def _chart_rows(spec: dict[str, Any]) -> SafeString:
    """The table twin, written here because it has hundreds of cells."""
    show = money_plain if spec.get("unit") == "money" else localize
    rows = zip(spec["labels"], *(series["data"] for series in spec["datasets"]), strict=True)
    lines = []
    for label, *figures in rows:
        cells = "".join(
            f'<td class="num">{DASH if figure is None else escape(str(show(figure)))}</td>'
            for figure in figures
        )
        lines.append(f'<tr><th scope="row">{escape(str(label))}</th>{cells}</tr>')
    return mark_safe("".join(lines))


@register.simple_tag(takes_context=True)
def shell_part(context: RequestContext, template_name: str) -> str:
    """A part of the shell that a role shares; see crm.shell.parts."""
    return parts.rendered(template_name, context)


def heat_level(value: Number | None) -> int:
    """0 for nothing, 1..5 by fifths of a hundred per cent."""
    if not value or value <= 0:
        return 0
    return min(5, 1 + int(value) // 20)


def _plain(value: Number) -> str:
    """A figure for an attribute: a dot, no grouping."""
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def _points(values: Sequence[Number]) -> str:
    low = min(values)
    span = Decimal(max(values) - low) or Decimal(1)
    step = Decimal(SPARK_WIDTH) / (len(values) - 1)
    return " ".join(
        f"{place * step:.1f},{SPARK_HEIGHT - (value - low) / span * SPARK_HEIGHT:.1f}"
        for place, value in enumerate(values)
    )
