"""Words that every installation starts with (C.8); what a person edited or archived stays."""

from typing import TypeVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override, pgettext_lazy

from clients.models import ContactResult, ContactTopic, VisitCheck
from crm.history import verb
from crm.work import seeds

Word = TypeVar("Word", ContactResult, ContactTopic, VisitCheck)

# Stable codes: rules and demo data name them.
RESULTS: dict[str, Promise | str] = {
    "order": pgettext_lazy("of goods", "Order"),
    "agreement": _("Agreement"),
    "proposal_sent": _("Proposal sent"),
    "payment_promise": _("Promise to pay"),
    "information": _("Informed"),
    "problem": _("Problem or complaint"),
    "refusal": _("Client declined"),
    "no_answer": _("No answer"),
}
TOPICS: dict[str, Promise | str] = {
    "order": pgettext_lazy("of goods", "Order"),
    "payment": _("Payment"),
    "price": _("Prices and terms"),
    "assortment": _("Assortment"),
    "delivery": _("Delivery"),
    "documents": _("Documents"),
    "claim": _("Claim"),
    "contract": _("Contract"),
    "promotion": _("Promotions"),
    "acquaintance": _("Introduction"),
}
VISIT_CHECKS: dict[str, Promise | str] = {
    "layout": _("Goods stand by the layout plan"),
    "facing": _("The front row is full"),
    "prices": _("Price tags are there and right"),
    "shelf_life": _("No goods past their shelf life"),
    "materials": _("Advertising materials are in place"),
    "second_place": _("The additional place of sale is filled"),
}
NOT_REACHED = {"no_answer"}


def seed_contact_words() -> int:
    """Add the missing words by their codes; returns how many were added."""
    results = _missing(ContactResult, RESULTS)
    for result in results:
        result.reached = result.code not in NOT_REACHED
    topics = _missing(ContactTopic, TOPICS)
    checks = _missing(VisitCheck, VISIT_CHECKS)
    with verb("dictionary.seeded", by=None):
        ContactResult.objects.bulk_create(results, ignore_conflicts=True)
        ContactTopic.objects.bulk_create(topics, ignore_conflicts=True)
        VisitCheck.objects.bulk_create(checks, ignore_conflicts=True)
    return len(results) + len(topics) + len(checks)


def register_contact_words() -> None:
    """Called once when the app is ready."""
    seeds.register("contact words", seed_contact_words)


def _missing(model: type[Word], words: dict[str, Promise | str]) -> list[Word]:
    known = set(model.objects.values_list("code", flat=True))
    return [
        model(
            code=code, order=order, name_ru=written_in("ru", name), name_en=written_in("en", name)
        )
        for order, (code, name) in enumerate(words.items(), start=1)
        if code not in known
    ]


def written_in(language: str, name: Promise | str) -> str:
    """The word as the language has it."""
    with override(language):
        return str(name)
