"""Parts of the shell that are the same for everybody of a role: rendered once, kept in memory.

What belongs to the person or to the request stands in such a template as a slot, {{ slot.token }},
and is filled in anew each time.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.template import RequestContext
from django.template.loader import get_template
from django.urls import get_urlconf
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from crm.markup import escaped
from crm.names import initials

if TYPE_CHECKING:
    from crm.shell.context import Shell

LIMIT = 600
OF_PLACE = frozenset({"shell/_rail.html", "shell/_bottombar.html"})  # they mark where one is
MARK = "\ue000"  # of the private use area: no template and no translation has it


def said(context: RequestContext) -> str:
    """The messages to show on this page, seldom any."""
    waiting = context.get("messages")
    if not waiting:
        return ""
    return get_template("shell/_messages.html").render({"messages": waiting})


SLOTS: dict[str, Callable[[RequestContext], Any]] = {
    "token": lambda context: context["csrf_token"],
    "here": lambda context: context["request"].get_full_path(),
    "name": lambda context: context["user"].short_name,
    "initials": lambda context: initials(context["user"].short_name),
    "role": lambda context: context["user"].get_role_display(),
    "said": said,
}
_MARKS = {name: mark_safe(f"{MARK}{name}{MARK}") for name in SLOTS}
# Texts and names of slots by turns, by template and everything that it depends on.
_kept: dict[tuple[str | None, ...], list[str]] = {}


def rendered(template: str, context: RequestContext) -> SafeString:
    """The part in the current language for what this person is offered on this page.

    Beside the slots nothing in such a template may depend on the person, the token or the address;
    only those of OF_PLACE may on the line of the page.
    """
    shell: Shell = context["shell"]
    place = shell.place if template in OF_PLACE else ()
    spoken = get_language(), get_urlconf(settings.ROOT_URLCONF)
    key = (template, *spoken, *shell.same_for, "", *place)
    pieces = None if settings.DEBUG else _kept.get(key)
    if pieces is None:
        if len(_kept) >= LIMIT:
            _kept.clear()
        whole = get_template(template).render({"shell": shell, "slot": _MARKS})
        pieces = _kept[key] = whole.split(MARK)
    texts, slots = pieces[::2], pieces[1::2]
    filled = [escaped(SLOTS[name](context)) for name in slots]
    return mark_safe("".join(map("".join, zip(texts, [*filled, ""], strict=True))))
