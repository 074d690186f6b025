"""How terms of decisions look: {% load approvals %}."""

from datetime import date

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from crm.shell.templatetags.formats import day_month
from crm.shell.templatetags.shell import icon

register = template.Library()


@register.simple_tag
def term(due: date | None, overdue: bool) -> SafeString:
    """The last day to decide; a day gone by has an icon and words beside its colour."""
    if due is None:
        return mark_safe("")
    if overdue:
        late = _("late since %(day)s") % {"day": day_month(due)}
        return format_html('<span class="term term-late">{}{}</span>', icon("alert-triangle"), late)
    return format_html('<span class="term">{}</span>', _("until %(day)s") % {"day": day_month(due)})
