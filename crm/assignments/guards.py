"""Nobody leaves and no unit closes with work that nobody would do."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.accounts.hooks import Refusal
from crm.accounts.models import OrgUnit, User
from crm.assignments.models import WorkItem


def work_of_person(person: User) -> list[Refusal]:
    """Whoever has undone work hands it on first."""
    count = WorkItem.objects.undone().filter(executor=person).count()
    if not count:
        return []
    text = ngettext(
        "%(count)s assignment or request is to be done or handed on.",
        "%(count)s assignments or requests are to be done or handed on.",
        count,
    )
    url = f"{reverse('assignments:list')}?executor={person.pk}&step=open"
    return [Refusal(text % {"count": count}, url, _("Show"))]


def work_of_unit(unit: OrgUnit) -> list[Refusal]:
    """What was addressed to a unit is taken by somebody first."""
    count = WorkItem.objects.open().filter(unit=unit, executor=None).count()
    if not count:
        return []
    text = ngettext(
        "%(count)s assignment or request to this unit is not taken by anybody.",
        "%(count)s assignments or requests to this unit are not taken by anybody.",
        count,
    )
    url = f"{reverse('assignments:list')}?unit={unit.pk}&step=open"
    return [Refusal(text % {"count": count}, url, _("Show"))]
