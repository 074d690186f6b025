"""Reads of the library."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery

from crm.accounts.scope import scope_of

if TYPE_CHECKING:
    from crm.accounts.models import User

PUBLISHED = "published"
KEEP_ALL = ("admin", "director", "general_director")
FORCE = ("number", "effective_from", "order_no", "order_on", "must_acknowledge")


def kept_by(user: User) -> Q:
    """Documents that the person keeps: all for administrators and directors, heads of departments
    those of their own units."""
    if not user.is_active:
        return Q(pk__in=[])
    if user.role in KEEP_ALL:
        return Q()
    if user.role != "department_head" or scope_of(user).own is None:
        return Q(pk__in=[])
    own = scope_of(user).own
    return Q(unit__in=sorted(own.unit_ids) if own else [])


class DocumentQuerySet(models.QuerySet[Any]):
    """Reads of documents."""

    def visible_to(self, user: User) -> Self:
        """What was published ever is open to everybody, the rest to those who keep it."""
        from crm.library.models import DocumentVersion

        if not user.is_active or user.pk is None:
            return self.none()
        if user.role in KEEP_ALL:
            return self
        published = DocumentVersion.objects.filter(document=OuterRef("pk"), state=PUBLISHED)
        return self.filter(Exists(published) | kept_by(user))

    def kept(self, user: User) -> Self:
        """Those that the person writes and publishes."""
        return self.filter(kept_by(user))

    def standing(self, today: date) -> Self:
        """With a version in force."""
        return self.filter(Exists(_in_force(today)))

    def for_list(self, user: User, today: date) -> Self:
        """With what holds today and whether the person has acknowledged it."""
        from crm.library.models import Acknowledgement, DocumentVersion

        rows = _in_force(today)
        found = {f"in_force_{name}": Subquery(rows.values(name)[:1]) for name in FORCE}
        waiting = DocumentVersion.objects.waiting_for(user, today)
        read = Acknowledgement.objects.filter(
            person=user, version__document=OuterRef("pk"), version__in=_in_force(today).values("pk")
        )
        drafts = DocumentVersion.objects.filter(document=OuterRef("pk"), state="draft")
        return self.select_related("unit").annotate(
            **found,
            is_waiting=Exists(waiting.filter(document=OuterRef("pk"))),
            read_at=Subquery(read.values("at")[:1]),
            has_draft=Exists(drafts),
        )

    def saying(self, text: str, today: date) -> Self:
        """By words of the title, the order or the text in force, in any of their forms."""
        from crm.library.models import DocumentVersion

        plain = text.strip()
        current = DocumentVersion.objects.in_force(today).filter(document=OuterRef("pk"))
        words = SearchQuery(plain, config="russian", search_type="websearch")
        vector = SearchVector("document__title", "text", config="russian")
        told = current.annotate(words=vector).filter(
            Q(words=words) | Q(text__icontains=plain) | Q(order_no__icontains=plain)
        )
        return self.filter(Q(title__icontains=plain) | Exists(told))


def _in_force(today: date) -> Any:
    """Of the outer document the version in force."""
    from crm.library.models import DocumentVersion

    return DocumentVersion.objects.in_force(today).filter(document=OuterRef("pk"))


class VersionQuerySet(models.QuerySet[Any]):
    """Reads of versions."""

    def visible_to(self, user: User) -> Self:
        """What is published to everybody, drafts to those who keep the document."""
        from crm.library.models import PolicyDocument

        if not user.is_active or user.pk is None:
            return self.none()
        kept = PolicyDocument.objects.kept(user).values("pk")
        return self.filter(Q(state=PUBLISHED) | Q(document__in=kept))

    def published(self) -> Self:
        """Those that hold, held or will hold."""
        return self.filter(state=PUBLISHED)

    def in_force(self, today: date) -> Self:
        """Of each document that is not withdrawn the latest published one whose day has come."""
        later = self.model._default_manager.filter(
            document=OuterRef("document"),
            state=PUBLISHED,
            effective_from__lte=today,
            number__gt=OuterRef("number"),
        )
        return self.filter(
            ~Exists(later),
            state=PUBLISHED,
            effective_from__lte=today,
            document__withdrawn_on=None,
        )

    def demanded_of(self, user: User) -> Self:
        """Those that the role and the unit of the person have to acknowledge."""
        from crm.library.models import AudienceUnit

        if not user.is_active or user.pk is None:
            return self.none()
        path = user.org_unit.path_ids if user.org_unit else []
        units = AudienceUnit.objects.filter(version=OuterRef("pk"))
        return self.filter(
            Q(roles=[]) | Q(roles__contains=[user.role]),
            ~Exists(units) | Exists(units.filter(unit__in=path)),
            must_acknowledge=True,
        )

    def waiting_for(self, user: User, today: date) -> Self:
        """In force, demanded of the person and not acknowledged."""
        from crm.library.models import Acknowledgement

        read = Acknowledgement.objects.filter(version=OuterRef("pk"), person=user.pk)
        return self.in_force(today).demanded_of(user).filter(~Exists(read))


class PartQuerySet(models.QuerySet[Any]):
    """Reads of parts of a version."""

    def visible_to(self, user: User) -> Self:
        """Whoever sees the version."""
        from crm.library.models import DocumentVersion

        return self.filter(version__in=DocumentVersion.objects.visible_to(user).values("pk"))


class AcknowledgementQuerySet(models.QuerySet[Any]):
    """Reads of acknowledgements."""

    def visible_to(self, user: User) -> Self:
        """One's own; all of them to those who keep the document."""
        from crm.library.models import PolicyDocument

        if not user.is_active or user.pk is None:
            return self.none()
        kept = PolicyDocument.objects.kept(user).values("pk")
        return self.filter(Q(person=user) | Q(version__document__in=kept))


class DutyQuerySet(PartQuerySet):
    """Reads of duties."""

    def in_force(self, today: date) -> Self:
        """Of job descriptions that hold today."""
        from crm.library.models import DocumentVersion

        held = DocumentVersion.objects.in_force(today).filter(document__kind="job_description")
        return self.filter(version__in=held.values("pk"))

    def of_person(self, user: User, today: date) -> Self:
        """Of the descriptions that the person's role and unit go by."""
        from crm.library.models import DocumentVersion

        held = DocumentVersion.objects.in_force(today).filter(document__kind="job_description")
        return self.filter(version__in=held.demanded_of(user).values("pk"))

    def served_by(self, url_names: list[str]) -> Self:
        """That one of these screens serves."""
        return self.filter(links__capability__screens__url_name__in=url_names).distinct()


class CapabilityQuerySet(models.QuerySet[Any]):
    """Reads of capabilities."""

    def visible_to(self, user: User) -> Self:
        """They are no secret."""
        return self.all() if user.is_active else self.none()


class LinkQuerySet(CapabilityQuerySet):
    """Reads of links and screens."""
