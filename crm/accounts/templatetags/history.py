"""{% load history %}

{% history record %}           the first page of its history, with a button for the next ones
{% history record url=… %}     the same, the next pages come from `url` (a view of the app)
"""

from typing import Any

from django import template
from django.db.models import Model
from django.template import RequestContext

from crm.accounts.history_view import history_page

register = template.Library()


@register.inclusion_tag("history/_history.html", takes_context=True)
def history(context: RequestContext, record: Model, *, url: str = "") -> dict[str, Any]:
    """History of a record in place; parts and hidden fields need a view of their own."""
    request: Any = context["request"]
    before = request.GET.get("before", "")
    page = history_page(record, viewer=request.user, before=before)
    return {"history": page, "request": request, "history_url": url or request.path}
