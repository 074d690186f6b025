"""`{% load files %}{% files_panel contract %}` puts the files of a record on its page."""

from typing import Any

from django import template
from django.db.models import Model
from django.urls import reverse

from crm.files import registry

register = template.Library()


@register.inclusion_tag("files/_panel_place.html")
def files_panel(record: Model) -> dict[str, Any]:
    """The place that loads the panel of the record's files when it is shown."""
    return {"url": reverse("files:panel", args=[registry.owner_of(record).key, record.pk])}
