"""Reports of promos: what each has brought, and the shipments behind a figure (DL-14)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.accounts.models import User
from crm.fields import CleanCharField
from crm.tabular import Kind
from crm.web import whole_number
from deals.models import PromoCampaign
from deals.permissions import can_see_effect, can_see_money, can_see_promos
from reports.definitions.columns import money
from reports.parameters import period_parameter
from reports.queries import promos
from reports.registry import Parameter, Report, ReportColumn, register

GROUP = _("Promos and demand")

EFFECT_COLUMNS = [
    ReportColumn("name", _("Promo"), link="url"),
    ReportColumn("brand", _("Brand")),
    ReportColumn("ends_on", _("Last day"), Kind.DATE),
    money("sales", _("Sales of the promo")),
    ReportColumn("uplift_pct", _("Uplift, %"), Kind.PERCENT),
    money("incremental_gp", _("Incremental gross profit")),
    money("costs", _("Costs")),
    money("net_effect", _("Net effect")),
    ReportColumn("roi_pct", _("ROI, %"), Kind.PERCENT),
    money("net_effect_with_dip", _("Net effect including the post-promo dip")),
    ReportColumn("roi_with_dip_pct", _("ROI including the post-promo dip, %"), Kind.PERCENT),
    money("planned", _("Planned sales")),
    money("baseline", _("Baseline sales")),
    money("uplift", _("Uplift")),
    ReportColumn("kind", _("Kind")),
    ReportColumn("state", _("State")),
    ReportColumn("unit", _("Unit")),
    ReportColumn("starts_on", _("First day"), Kind.DATE),
]


class PromoField(forms.Field):
    """A promo by its number, whose effect the person may see."""

    def __init__(self, user: User, **more: Any) -> None:
        super().__init__(required=False, **more)
        self.user = user

    def to_python(self, value: Any) -> Any:
        if not str(value or "").strip():
            return None
        rows = PromoCampaign.objects.visible_to(self.user).select_related("org_unit")
        promo = rows.filter(pk=whole_number(str(value).strip()) or 0).first()
        if promo is None or not can_see_effect(self.user, promo):
            raise ValidationError(_now("There is no such promo here."))
        return promo

    def prepare_value(self, value: Any) -> Any:
        return value.pk if isinstance(value, PromoCampaign) else value


def register_promo_reports() -> None:
    """Declare the reports."""
    _register_effects()
    _register_sales()


def _register_effects() -> None:
    register(
        Report(
            name="promo_effects",
            title=_("Effect of promos"),
            group=GROUP,
            parameters=[
                period_parameter(usual="last_12_months"),
                Parameter(
                    "brand",
                    lambda user: CleanCharField(label=_("Brand"), max_length=100, required=False),
                ),
            ],
            columns=lambda params: EFFECT_COLUMNS,
            rows=promos.promo_effects,
            totals=promos.promo_effect_totals,
            may_open=can_see_promos,
            how=_(
                "Promos that ended in the period, with the figures that their analyses kept"
                " (PROMO-1); one that is not analysed yet stands without them, and what is not"
                " known stays empty. Usual sales are those of the days before the promo for as"
                " many days; additional gross profit less costs is the net effect, ROI is its"
                " share of the costs. Percentages of the total are of the sums."
            ),
        )
    )


def _register_sales() -> None:
    register(
        Report(
            name="promo_sales",
            title=_("Shipments of a promo"),
            group=GROUP,
            parameters=[
                Parameter(
                    "promo", lambda user: PromoField(user, label=pgettext_lazy("number", "Promo"))
                ),
                period_parameter(),
            ],
            columns=lambda params: [
                ReportColumn("day", _("Date"), Kind.DATE),
                ReportColumn("document", _("Document"), link="url"),
                ReportColumn("client", _("Client")),
                ReportColumn("goods", _("Goods")),
                ReportColumn("quantity", _("Quantity"), Kind.NUMBER),
                money("amount", _("Amount")),
            ],
            rows=promos.promo_sales,
            may_open=can_see_money,
            how=_(
                "Lines of posted documents with the goods of the promo, of its clients that you"
                " see; what was taken back stands with a minus. A promo of all goods counts"
                " documents as a whole. The page of the promo leads here from its figures."
            ),
        )
    )
