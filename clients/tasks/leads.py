"""What leads declare when the app is ready: settings, the clock, words, the rail, a dictionary."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from clients import books
from clients.actions.leads import follow_owner
from clients.actions.reliability import RECHECK, remind_of_rechecks
from clients.models import Lead, LeadSource, SearchChannel
from clients.permissions.leads import READERS, SEARCHERS
from clients.policy.leads import register_lead_policy
from clients.seeds import written_in
from crm.accounts import hooks
from crm.accounts.models import DIRECTORS, SALES, Role, User
from crm.history import name_verbs, verb
from crm.notices import kinds
from crm.shell import nav
from crm.work import periodic, seeds

VERBS = {
    "lead.created": _("Lead added"),
    "lead.edited": _("Lead changed"),
    "lead.noted": _("Lead: what was done"),
    "lead.negotiating": _("Lead: negotiations begun"),
    "lead.offer_accepted": _("Lead: offer accepted"),
    "lead.lost": _("Lead lost"),
    "lead.scored": _("Reliability of the lead scored"),
    "lead.converted": _("Lead became a client"),
    "lead.followed_manager": _("Lead moved with the manager"),
    "client.scored": _("Reliability of the client scored"),
    "search.campaign_created": _("Search campaign planned"),
    "search.campaign_edited": _("Search campaign changed"),
    "search.channel_planned": _("Priority of the search channel set"),
}
READ = SALES | DIRECTORS | {Role.ACCOUNTANT, Role.LAWYER, Role.ADMIN}
ITEMS = (
    nav.NavItem(
        "leads",
        _("Leads"),
        "user-search",
        "clients:lead_list",
        nav.GROWTH,
        READERS,
        phone=52,
        order=7,
        also=("clients:lead_detail",),
        query="todo=true&sort=next_on",
    ),
    nav.NavItem(
        "scores",
        _("Reliability scores"),
        "shield-check",
        "clients:score_list",
        nav.GROWTH,
        READ,
        phone=53,
        order=8,
    ),
    nav.NavItem(
        "search_campaigns",
        _("Search campaigns"),
        "speakerphone",
        "clients:search_campaign_list",
        nav.GROWTH,
        SEARCHERS,
        phone=54,
        order=9,
        also=("clients:search_campaign_detail", "clients:search_channel_list"),
    ),
)


def seed_channels() -> int:
    """Add the missing channels of C.8 by their codes; returns how many were added."""
    known = set(SearchChannel.objects.values_list("code", flat=True))
    rows = [
        SearchChannel(
            code=source.value,
            kind=source.value,
            order=order,
            name_ru=written_in("ru", source.label),
            name_en=written_in("en", source.label),
        )
        for order, source in enumerate(LeadSource, start=1)
        if source.value not in known
    ]
    with verb("dictionary.seeded", by=None):
        SearchChannel.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def leads_of_person(person: User) -> list[hooks.Refusal]:
    """A person with open leads hands them over first."""
    count = Lead.objects.open().filter(manager=person).count()
    if not count:
        return []
    text = ngettext(
        "%(count)s lead belongs to this person: give it to somebody else first.",
        "%(count)s leads belong to this person: give them to somebody else first.",
        count,
    )
    url = f"{reverse('clients:lead_list')}?open=true&manager={person.pk}"
    return [hooks.Refusal(text % {"count": count}, url, _now("Open the leads"))]


def _due(user: User) -> int:
    count: int = Lead.objects.visible_to(user).of(user).due(timezone.localdate()).count()
    return count


def _recheck(*, today: date) -> int:
    return remind_of_rechecks(today=today)


def _kind() -> forms.Field:
    return forms.ChoiceField(label=_("Kind"), choices=LeadSource.choices)


def _kind_of(word: Any) -> str:
    return str(word.get_kind_display())


def register_leads() -> None:
    """Called once when the app is ready."""
    register_lead_policy()
    name_verbs(VERBS)
    kinds.register(
        RECHECK, title=_("%(name)s: the reliability score ended on %(day)s, check again")
    )
    periodic.register(
        "reliability_recheck",
        due=periodic.monthly(1, 9, 20),
        run=_recheck,
        label=_("Remind of reliability scores to be checked again"),
    )
    seeds.register("search channels", seed_channels)
    kind = books.Part("kind", _("Kind"), _kind, _kind_of)
    title = pgettext_lazy("dictionary", "Search channels")
    books.register(books.Book("search_channels", SearchChannel, title, (kind,), wide=True))
    hooks.register_dismissal_guard(leads_of_person)
    hooks.register_move_follower(follow_owner)
    for item in ITEMS:
        nav.register(item)
    nav.register_counter("leads", _due)
    nav.register_create(
        nav.CreateItem(
            "lead", pgettext_lazy("new", "Lead"), "user-search", "clients:lead_create", SALES,
            dialog=True,
        )
    )  # fmt: skip
