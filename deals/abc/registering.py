"""What the ABC analysis adds to other parts: evidence, recommendation, clock, navigation."""

from django.utils.translation import gettext_lazy as _

from clients.actions.categories import KIND
from clients.categorising import recommendation
from clients.pages import category_evidence
from crm.accounts.models import Role
from crm.approvals.registry import Section, register_evidence
from crm.shell import nav
from deals.abc import suggesting as abc_suggesting
from deals.tasks import abc as abc_tasks

READERS = frozenset({Role.SECTOR_HEAD, Role.DEPARTMENT_HEAD, Role.DIRECTOR, Role.GENERAL_DIRECTOR})


def register_abc() -> None:
    """Called once when the app is ready."""
    abc_tasks.register_abc_jobs()
    recommendation.register(abc_suggesting.suggest)
    category_evidence.register_snapshot(abc_suggesting.snapshot)
    register_evidence(
        KIND,
        Section(
            key=category_evidence.SHIPMENTS,
            title=_("Shipments and payment"),
            template="deals/_evidence_shipments.html",
            load=abc_suggesting.shipments_section,
            order=15,
            wide=True,
        ),
    )
    nav.register(
        nav.NavItem(
            "abc",
            _("ABC analysis"),
            "chart-arcs",
            "deals:abc",
            nav.DEALS,
            READERS,
            phone=24,
            order=40,
        )
    )
