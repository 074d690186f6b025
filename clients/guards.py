"""Nobody leaves and no unit closes while clients would stay behind; clients move along (CR-01)."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clients.actions.assignments import follow_manager
from clients.models import Client, ClientAssignment, Correspondence, Outlet
from crm.accounts.hooks import Refusal
from crm.accounts.models import OrgUnit, User


def clients_of_person(person: User) -> list[Refusal]:
    """A person with open clients, or with clients promised for later, hands them over first."""
    owned = Client.objects.open().filter(manager=person)
    promised = ClientAssignment.objects.primary().filter(manager=person, valid_to=None)
    count = owned.count() or promised.filter(client__archived_at=None).count()
    if not count:
        return []
    text = ngettext(
        "%(count)s client belongs to this person: hand it over first.",
        "%(count)s clients belong to this person: hand them over first.",
        count,
    )
    url = f"{reverse('clients:transfer')}?manager={person.pk}"
    return [Refusal(text % {"count": count}, url, _("Hand over"))]


def letters_of_person(person: User) -> list[Refusal]:
    """A person who has letters to answer gives them to somebody first."""
    count = Correspondence.objects.open().filter(executor=person).count()
    if not count:
        return []
    text = ngettext(
        "%(count)s letter is to be answered by this person: name another assignee first.",
        "%(count)s letters are to be answered by this person: name another assignee first.",
        count,
    )
    url = f"{reverse('clients:letter_list')}?step=open&executor={person.pk}"
    return [Refusal(text % {"count": count}, url, _("Open the letters"))]


def outlets_of_person(person: User) -> list[Refusal]:
    """A merchandiser who goes to outlets gives them to somebody first."""
    count = Outlet.objects.open().filter(merchandiser=person).count()
    if not count:
        return []
    text = ngettext(
        "%(count)s outlet is visited by this person: name another merchandiser first.",
        "%(count)s outlets are visited by this person: name another merchandiser first.",
        count,
    )
    url = f"{reverse('clients:visit_list')}?state=planned&merchandiser={person.pk}"
    return [Refusal(text % {"count": count}, url, _("Open the visits"))]


def clients_of_unit(unit: OrgUnit) -> list[Refusal]:
    """A unit with open clients is not closed."""
    count = Client.objects.open().filter(org_unit=unit).count()
    if not count:
        return []
    text = ngettext(
        "%(count)s client belongs to this unit: hand it over first.",
        "%(count)s clients belong to this unit: hand them over first.",
        count,
    )
    url = f"{reverse('clients:transfer')}?unit={unit.pk}"
    return [Refusal(text % {"count": count}, url, _("Hand over"))]


def clients_move_along(person: User, by: User) -> None:
    """The clients of a manager belong to the new unit at once, so that its head sees them."""
    follow_manager(person.pk, by=by, today=timezone.localdate())
