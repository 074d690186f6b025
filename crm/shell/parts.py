"""Parts of the shell that are the same for everybody of a role: rendered once, kept in memory."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.template import RequestContext
from django.template.loader import get_template
from django.urls import get_urlconf
from django.utils.translation import get_language

if TYPE_CHECKING:
    from crm.shell.context import Shell

LIMIT = 600
_kept: dict[tuple[str | None, ...], str] = {}


def rendered(template: str, context: RequestContext) -> str:
    """The part in the current language for what this person is offered on this page.

    Nothing in such a template may depend on the person, the token or the address of the page.
    """
    shell: Shell = context["shell"]
    if settings.DEBUG:
        return get_template(template).render({"shell": shell})
    key = (template, get_language(), get_urlconf(settings.ROOT_URLCONF), *shell.same_for)
    if key not in _kept:
        if len(_kept) >= LIMIT:
            _kept.clear()
        _kept[key] = get_template(template).render({"shell": shell})
    return _kept[key]
