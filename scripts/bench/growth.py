"""Leads, events, competitors, promos, bonuses, visits, demand and workload at volume."""

from __future__ import annotations

from django.urls import reverse

from scripts.bench.requests import Page, get

# Name, who looks, where: each as whoever sees the most of it.
PAGES = (
    ("leads of a department", "head", "clients:lead_list"),
    ("reliability scores", "director", "clients:score_list"),
    ("audience", "director", "reports:audience"),
    ("events", "director", "clients:event_list"),
    ("competitors", "director", "clients:competitor_list"),
    ("recommendations", "director", "clients:recommendation_list"),
    ("visits of merchandisers", "director", "clients:visit_list"),
    ("assortment matrix", "marketer", "deals:assortment_list"),
    ("promos", "director", "deals:promo_list"),
    ("retro bonuses", "director", "deals:retro_list"),
    ("retro bonuses accrued", "director", "deals:retro_accruals"),
    ("demand", "director", "reports:demand"),
    ("strategic pack", "director", "reports:strategy"),
    ("workload of a department", "head", "reports:workload"),
    ("workload of the company", "director", "reports:workload"),
    ("personal data", "admin", "clients:subject_list"),
)
REPORTS = ("search_channels", "event_results", "competitors", "promo_effects", "merchandisers")


def growth_pages() -> list[Page]:
    """Registers, pages of figures and cards of a record."""
    from clients.models import Event, Lead
    from deals.models import PromoCampaign, RetroBonusAgreement

    cards = [
        ("card of a lead", Lead.objects.filter(state="qualified")),
        ("card of an event", Event.objects.filter(invitations__isnull=False)),
        ("card of a promo", PromoCampaign.objects.filter(state="running")),
        ("card of a retro bonus", RetroBonusAgreement.objects.filter(state="active")),
    ]
    return [
        *(Page(name, who, get(reverse(address))) for name, who, address in PAGES),
        *(Page(f"report {one}", "director", get(reverse("reports:report", args=[one])))
          for one in REPORTS),
        *(Page(name, "director", get(row.get_absolute_url()))
          for name, rows in cards if (row := rows.order_by("pk").first()) is not None),
    ]  # fmt: skip
