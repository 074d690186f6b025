"""Nobody leaves with what was entrusted (L502)."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.accounts.hooks import Refusal
from crm.accounts.models import User
from crm.originals.models import IssuedOriginal


def originals_of_person(person: User) -> list[Refusal]:
    """A person who still holds originals returns them first."""
    count = IssuedOriginal.objects.out().filter(holder=person).count()
    if not count:
        return []
    text = ngettext(
        "%(count)s issued original is not returned yet.",
        "%(count)s issued originals are not returned yet.",
        count,
    )
    url = f"{reverse('originals:list')}?state=out&holder={person.pk}"
    return [Refusal(text % {"count": count}, url, _("Show"))]
