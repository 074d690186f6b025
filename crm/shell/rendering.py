"""How form fields are drawn: the empty choice of a select has words, in every form alike."""

from typing import Any

from django.db.models.fields import BLANK_CHOICE_DASH
from django.forms.renderers import DjangoTemplates
from django.http import HttpRequest
from django.utils.translation import gettext as _

DASHES = BLANK_CHOICE_DASH[0][1]


class Renderer(DjangoTemplates):
    """Draws the widgets of Django with «not chosen» where Django writes dashes."""

    def render(
        self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None
    ) -> str:
        """The widget as HTML."""
        for _group, options, _index in context.get("widget", {}).get("optgroups", ()):
            for option in options:
                if option["label"] in {DASHES, "—"} and option["value"] in {"", None}:
                    option["label"] = _("Not chosen")
        return super().render(template_name, context, request)
