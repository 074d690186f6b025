"""Marks of the pages of imports: {% load imports %}."""

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from crm.imports.registry import Result
from crm.shell.templatetags.shell import status_chip

register = template.Library()

RESULTS = {
    Result.CREATED: (_("To be added"), "success"),
    Result.UPDATED: (_("To be changed"), "info"),
    Result.UNCHANGED: (_("Unchanged"), "neutral"),
    Result.REFUSED: (_("Rejected"), "danger"),
}


@register.simple_tag
def import_result(result: str) -> SafeString:
    """What becomes of a row of the preview."""
    label, tone = RESULTS[Result(result)]
    return status_chip(str(label), tone)
