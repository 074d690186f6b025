"""Nobody leaves while price agreements would stay without anybody who answers for them (DL-02)."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.accounts.hooks import Refusal
from crm.accounts.models import User
from deals.models import ProducerPriceAgreement


def agreements_of_person(person: User) -> list[Refusal]:
    """A keeper of agreements in force or to come hands them over first."""
    today = timezone.localdate()
    rows = ProducerPriceAgreement.objects.filter(keeper=person)
    count = (rows.on(today) | rows.to_come(today)).count()
    if not count:
        return []
    text = ngettext(
        "%(count)s price agreement with a producer is kept by this person: name another keeper.",
        "%(count)s price agreements with producers are kept by this person: name another keeper.",
        count,
    )
    url = f"{reverse('deals:producer_agreement_list')}?keeper={person.pk}"
    return [Refusal(text % {"count": count}, url, _("Show"))]
