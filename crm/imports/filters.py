"""Filters of the list of imports."""

from typing import Any

import django_filters as filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from crm.imports import registry
from crm.imports.models import ImportJob, ImportState


def _kinds() -> list[tuple[str, Any]]:
    return [(kind.kind, kind.label) for kind in registry.kinds()]


def _authors(request: Any) -> QuerySet[User]:
    authors = ImportJob.objects.visible_to(request.user).order_by().values("author")
    people: QuerySet[User] = User.objects.visible_to(request.user).filter(pk__in=authors)
    return people


class ImportFilter(filters.FilterSet):
    """By what was imported, the state and who did it."""

    kind = filters.ChoiceFilter(label=_("What"), choices=_kinds)
    state = filters.ChoiceFilter(label=_("State"), choices=ImportState.choices)
    author = filters.ModelChoiceFilter(label=_("By"), queryset=_authors)

    class Meta:
        model = ImportJob
        fields = ()
