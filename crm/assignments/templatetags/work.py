"""`{% load work %}{% work_panel contract %}` puts work about a record on its page."""

from typing import Any

from django import template
from django.db.models import Model
from django.urls import reverse

from crm.assignments import registry

register = template.Library()


@register.inclusion_tag("files/_panel_place.html")
def work_panel(record: Model) -> dict[str, Any]:
    """The place that loads the panel when it is shown."""
    return {"url": reverse("assignments:about", args=[registry.subject_of(record).key, record.pk])}
