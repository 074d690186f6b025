"""Forms of promos: what is planned, and what became of it."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.utils.text import format_lazy
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clients.forms.picking import CODE_SEPARATOR
from clients.models import Client, ClientCategory
from crm.accounts.models import User
from crm.fields import CleanCharField, CleanTextField, MoneyField, PercentField
from crm.forms import RecordForm, VersionForm, day_field
from deals.actions.promos import PromoValues
from deals.models import Product, ProductGroup, PromoCampaign, PromoCostKind, PromoKind

NAME_LENGTH, TEXT_LENGTH, MOST_NAMED = 200, 4000, 300
NONE_IS_ALL = _("None chosen: all.")
PLAIN: tuple[str, ...] = (
    "name",
    "kind",
    "brand",
    "mechanics",
    "discount_pct",
    "starts_on",
    "ends_on",
    "planned_sales",
    "margin_pct",
    "categories",
    "channels",
)


def _words(text: str) -> list[str]:
    """What stands between commas, semicolons and ends of lines, each once."""
    parts = text.replace(";", ",").replace("\n", ",").split(",")
    return list(dict.fromkeys(part.strip() for part in parts if part.strip()))


def _area(label: Any, hint: Any, rows: int = 2) -> CleanTextField:
    return CleanTextField(
        label=label,
        required=False,
        max_length=TEXT_LENGTH,
        help_text=hint,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


class PromoForm(RecordForm):
    """A promo with its goods, its clients and what it should cost."""

    name = CleanCharField(label=pgettext_lazy("of a record", "Name"), max_length=NAME_LENGTH)
    kind = forms.ChoiceField(label=_("Kind"), choices=PromoKind.choices)
    brand = CleanCharField(label=_("Brand"), max_length=100, required=False)
    mechanics = CleanTextField(
        label=_("Mechanics"),
        max_length=TEXT_LENGTH,
        help_text=_("What the buyer has to do and what they get for it."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    discount_pct = PercentField(
        label=_("Discount, %"),
        required=False,
        help_text=_("While the promo runs, orders of its clients may have it on its goods."),
    )
    starts_on = day_field(_("First day"))
    ends_on = day_field(_("Last day"))
    groups = forms.ModelMultipleChoiceField(
        label=_("Product groups"),
        queryset=ProductGroup.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("With all groups inside them. Neither group nor article: all goods."),
    )
    articles = _area(_("Articles"), _("Separated by commas."))
    categories = forms.MultipleChoiceField(
        label=_("Categories of clients"),
        choices=ClientCategory.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=NONE_IS_ALL,
    )
    channels = forms.MultipleChoiceField(
        label=_("Channels"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=NONE_IS_ALL,
    )
    clients = _area(
        _("Only these clients"),
        _("Codes separated by commas; categories and channels do not count then."),
    )
    planned_sales = MoneyField(label=_("Planned sales with VAT, ₽"), min_value=Decimal(0))
    margin_pct = PercentField(
        label=_("Usual margin, %"),
        required=False,
        help_text=_("Gross profit of these goods without a promo; the effect is counted from it."),
    )

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        super().__init__(*args, **options)
        self.user = user
        groups: Any = self.fields["groups"]
        groups.queryset = ProductGroup.objects.filter(archived_at=None)
        known = Client.objects.visible_to(user).exclude(channel="").order_by("channel")
        names = list(known.values_list("channel", flat=True).distinct())
        kept = [] if self.record is None else self.initial["channels"]
        channels: Any = self.fields["channels"]
        channels.choices = [(name, name) for name in dict.fromkeys([*names, *kept])]
        for kind, label in PromoCostKind.choices:
            self.fields[f"cost_{kind}"] = MoneyField(
                label=label, required=False, min_value=Decimal(0)
            )

    @classmethod
    def values_of(cls, record: PromoCampaign) -> dict[str, Any]:  # type: ignore[override]
        """The draft as it stands."""
        goods = list(record.goods.select_related("product"))
        named = Client.objects.filter(promo_places__promo=record).order_by("sort_key", "pk")
        costs = {f"cost_{row.kind}": row.planned for row in record.costs.all()}
        return {
            **{name: getattr(record, name) for name in PLAIN},
            "groups": [line.group_id for line in goods if line.group_id],
            "articles": ", ".join(line.product.sku for line in goods if line.product),
            "clients": ", ".join(named.values_list("code", flat=True)),
            "version": record.version,
            **costs,
        }

    @property
    def costs(self) -> list[BoundField]:
        """The fields of what it should cost."""
        return [self[f"cost_{kind}"] for kind in PromoCostKind.values]

    def clean_articles(self) -> list[Product]:
        """Goods by their articles; raises for those that are not in the catalogue."""
        words = _words(self.cleaned_data["articles"])
        found = Product.objects.filter(archived_at=None, sku__in=words).order_by("sort_key", "pk")
        by_sku = {row.sku: row for row in found}
        return self._all(words, by_sku, _now("No such article: %(names)s."))

    def clean_clients(self) -> list[Client]:
        """Visible clients by their codes; raises for those that are not there."""
        typed = _words(self.cleaned_data["clients"])
        words = [word.split(CODE_SEPARATOR.strip())[0].strip() for word in typed]
        rows = Client.objects.visible_to(self.user).open().filter(code__in=words)
        found = {row.code: row for row in rows}
        return self._all(words, found, _now("No such client: %(names)s."))

    @staticmethod
    def _all(words: Iterable[str], found: dict[str, Any], refusal: str) -> list[Any]:
        missing = [word for word in words if word not in found]
        if missing:
            raise ValidationError(refusal % {"names": ", ".join(missing[:5])})
        if len(found) > MOST_NAMED:
            raise ValidationError(_now("At most %(most)s lines.") % {"most": MOST_NAMED})
        return list(found.values())

    def promo(self) -> PromoValues:
        """The values for the action."""
        data = self.cleaned_data
        plain = {name: data[name] for name in PLAIN}
        plain["discount_pct"] = plain["discount_pct"] or Decimal(0)
        costs = {kind: data[f"cost_{kind}"] for kind in PromoCostKind.values}
        return PromoValues(
            **plain,
            groups=list(data["groups"]),
            products=data["articles"],
            clients=data["clients"],
            planned_costs={kind: value for kind, value in costs.items() if value},
        )


class PromoEffectForm(VersionForm):
    """What the books do not know: costs, the cost of the goods, what it has shown."""

    margin_pct = PercentField(
        label=_("Usual margin, %"),
        required=False,
        help_text=_("Without it neither gross profit nor ROI is counted."),
    )
    cost_of_goods = MoneyField(
        label=_("Cost of the goods sold in the promo, ₽"),
        required=False,
        min_value=Decimal(0),
        help_text=_("With VAT, as the sales are; the accounting knows it."),
    )
    conclusion = CleanTextField(
        label=_("Conclusion"),
        max_length=TEXT_LENGTH,
        help_text=_("What the promo has shown, and whether to repeat it."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, promo: PromoCampaign, **options: Any) -> None:
        costs = {row.kind: row for row in promo.costs.all()}
        names = ("version", "margin_pct", "cost_of_goods", "conclusion")
        initial: dict[str, Any] = {name: getattr(promo, name) for name in names}
        super().__init__(*args, initial=initial, **options)
        for kind, label in PromoCostKind.choices:
            row = costs.get(kind)
            actual = None if row is None else row.actual
            self.fields[f"cost_{kind}"] = MoneyField(
                label=format_lazy("{}: {}", label, _("actual, ₽")),
                required=False,
                min_value=Decimal(0),
                initial=row.planned if row is not None and actual is None else actual,
            )
        self.order_fields(["margin_pct", "cost_of_goods", *self.cost_names, "conclusion"])

    @property
    def cost_names(self) -> list[str]:
        return [f"cost_{kind}" for kind in PromoCostKind.values]

    def new_values(self) -> dict[str, Any]:
        """Plain values for the action."""
        names = ("version", "margin_pct", "cost_of_goods", "conclusion")
        data = self.cleaned_data
        costs = {kind: data[f"cost_{kind}"] for kind in PromoCostKind.values}
        return {**{name: data[name] for name in names}, "actual_costs": costs}
