"""Forms of budgets, expenses and cost-reduction measures."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clients.contacting.norms import start_of
from clients.models import ContactKind, ContactLog, ContactState
from crm.accounts.models import OrgUnit, OrgUnitKind, User
from crm.fields import CleanCharField, MoneyField
from crm.files import formats
from crm.forms import PlainForm, ReasonForm, VersionForm, day_field
from crm.work.registry import setting
from deals.forms.producers import PersonField
from reports.actions.budget_drafts import EMPTY, LAST_BUDGET, LAST_FACT
from reports.actions.cost_measures import SavingPlan
from reports.actions.expense_payments import Cost
from reports.actions.expenses import Receipt, Spent
from reports.models import BudgetItem, CostMeasure, Expense
from reports.permissions import costs as permissions

__all__ = ["ReasonForm"]

LEAST = Decimal("0.01")
LONG = forms.Textarea(attrs={"rows": 3})
SHORT = forms.Textarea(attrs={"rows": 2})
SOURCES = (
    (LAST_BUDGET, _("The budget of the year before")),
    (LAST_FACT, _("What was paid in the year before")),
    (EMPTY, _("Nothing")),
)
# Where people meet and money is spent; any other contact is named on the client's card.
FACE_TO_FACE = (
    ContactKind.VISIT,
    ContactKind.MEETING,
    ContactKind.PRESENTATION,
    ContactKind.EVENT,
)
MOST_CONTACTS = 100
LARGEST_FILE = 64 * 1024 * 1024  # read at all; the smaller limit of the settings is the action's


class DrawUpForm(PlainForm):
    """A budget of a department and year."""

    org_unit = forms.ModelChoiceField(label=_("Department"), queryset=OrgUnit.objects.none())
    year = forms.TypedChoiceField(label=_("Year"), coerce=int)
    source = forms.ChoiceField(
        label=_("Filled with"), choices=SOURCES, initial=LAST_BUDGET, required=True
    )

    def __init__(self, data: Any = None, *, user: User, today: date, **options: Any) -> None:
        super().__init__(data, **options)
        fields: Any = self.fields
        rows = OrgUnit.objects.visible_to(user).open().filter(kind=OrgUnitKind.DEPARTMENT)
        ids = [one.pk for one in rows if permissions.can_draw_up_budget(user, one)]
        fields["org_unit"].queryset = OrgUnit.objects.filter(pk__in=ids)
        fields["org_unit"].initial = ids[0] if ids else None
        years = range(today.year - 1, today.year + 2)
        fields["year"].choices = [(one, one) for one in years]
        fields["year"].initial = today.year + 1 if today.month > 9 else today.year


class CorrectForm(VersionForm):
    """Why a budget that holds is corrected."""

    comment = CleanCharField(label=_("Why it is corrected"), max_length=500, widget=LONG)


class ContactField(forms.ModelChoiceField):
    """Contacts by day and client."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.local_moment:%d.%m.%Y} · {obj.client} · {obj.kind_label}"


class ExpenseForm(VersionForm):
    """What a person spent, on which contact, with the receipt."""

    key = forms.UUIDField(required=False, widget=forms.HiddenInput)
    spent_on = day_field(_("Spent on"))
    item = forms.ModelChoiceField(label=_("Item"), queryset=BudgetItem.objects.none())
    amount = MoneyField(label=_("Amount with VAT, ₽"), min_value=LEAST)
    contact = ContactField(
        label=_("Contact with the client"), queryset=ContactLog.objects.none(), required=False
    )
    purpose = CleanCharField(label=_("What for"), max_length=500, widget=SHORT)
    participants = CleanCharField(
        label=_("Who took part"),
        max_length=500,
        required=False,
        widget=SHORT,
        help_text=_("People of the client and ours; needed for entertainment expenses."),
    )
    file = forms.FileField(
        label=_("Receipt"),
        required=False,
        max_length=None,
        allow_empty_file=True,  # refused with its reason by the action
        widget=forms.FileInput(attrs={"accept": formats.ACCEPTED}),
    )
    justification = CleanCharField(
        label=_("Why above the limit"),
        max_length=500,
        required=False,
        widget=SHORT,
        help_text=_("Only where the limit of the month is not enough: the director decides."),
    )

    def __init__(
        self,
        data: Any = None,
        *,
        user: User,
        contact: int | None = None,
        expense: Expense | None = None,
        **options: Any,
    ) -> None:
        super().__init__(data, **options)
        fields: Any = self.fields
        kept = [expense.item_id] if expense else []
        items = BudgetItem.objects.filter(Q(archived_at=None) | Q(pk__in=kept))
        fields["item"].queryset = items.order_by("order", "pk")
        named = {contact, expense.contact_id if expense else None} - {None}
        fields["contact"].queryset = offered_contacts(user, named)
        fields["item"].initial = self.initial.get("item") or first_representation()

    def spent(self) -> Spent:
        """The values for the action."""
        values = self.cleaned_data
        names = ("item", "spent_on", "amount", "purpose", "participants", "justification")
        contact = values["contact"]
        return Spent(
            contact_id=contact.pk if contact else None, **{name: values[name] for name in names}
        )

    def receipt(self) -> Receipt | None:
        """Name and bytes of the file."""
        file = self.cleaned_data["file"]
        return (file.name or "", file.read(LARGEST_FILE)) if file else None


def first_representation() -> int | None:
    """The item that is offered first."""
    rows = BudgetItem.objects.in_use().filter(is_representation=True)
    found: int | None = rows.values_list("pk", flat=True).first()
    return found


def offered_contacts(user: User, named: set[int | None]) -> Any:
    """Own meetings of the last days, and the contact that the address names."""
    first = start_of(timezone.localdate() - timedelta(days=setting("expense.log_days")))
    rows = ContactLog.objects.of_clients_visible_to(user)
    own = Q(manager=user, kind__in=FACE_TO_FACE, at__gte=first, state=ContactState.DONE)
    ids = rows.filter(own).order_by("-at").values_list("pk", flat=True)[:MOST_CONTACTS]
    wanted = {*ids, *named}
    return rows.live().filter(pk__in=wanted).select_related("client").order_by("-at", "-pk")


class CostForm(PlainForm):
    """A cost that the accounting books."""

    key = forms.UUIDField(required=False, widget=forms.HiddenInput)
    org_unit = forms.ModelChoiceField(label=_("Unit"), queryset=OrgUnit.objects.none())
    item = forms.ModelChoiceField(label=_("Item"), queryset=BudgetItem.objects.none())
    spent_on = day_field(_("Spent on"))
    amount = MoneyField(label=_("Amount with VAT, ₽"), min_value=LEAST)
    purpose = CleanCharField(label=_("What for"), max_length=500, widget=SHORT)
    document = CleanCharField(label=_("Document of the books"), max_length=100, required=False)

    def __init__(self, data: Any = None, *, user: User, **options: Any) -> None:
        super().__init__(data, **options)
        fields: Any = self.fields
        units = OrgUnit.objects.visible_to(user).open().exclude(kind=OrgUnitKind.COMPANY)
        fields["org_unit"].queryset = units.order_by("path")
        items = BudgetItem.objects.in_use().filter(is_representation=False)
        fields["item"].queryset = items.order_by("order", "pk")

    def cost(self) -> Cost:
        """The values for the action."""
        values = {name: value for name, value in self.cleaned_data.items() if name != "key"}
        return Cost(**values)


class PayForm(VersionForm):
    """When and by which document it was paid."""

    on = day_field(_("Paid on"))
    document = CleanCharField(
        label=_("Payment document"),
        max_length=100,
        help_text=_("Number of the payment order or of the cash voucher."),
    )


class SavingForm(VersionForm):
    """A measure that lowers costs."""

    title = CleanCharField(label=_("Measure"), max_length=300)
    org_unit = forms.ModelChoiceField(label=_("Unit"), queryset=OrgUnit.objects.none())
    item = forms.ModelChoiceField(
        label=_("Item of the budget"),
        queryset=BudgetItem.objects.none(),
        required=False,
        empty_label=_("none in particular"),
    )
    owner = PersonField(User.objects.none(), label=_("Responsible"))
    due_on = day_field(_("To be done by"))
    planned_saving = MoneyField(label=_("Planned saving, ₽ a year"), min_value=LEAST)
    description = CleanCharField(
        label=_("What is to be done"), max_length=4000, required=False, widget=LONG
    )

    def __init__(
        self, data: Any = None, *, user: User, row: CostMeasure | None = None, **options: Any
    ) -> None:
        super().__init__(data, **options)
        fields: Any = self.fields
        if row is not None:
            del self.fields["org_unit"]
        else:
            units = [
                unit.pk
                for unit in OrgUnit.objects.visible_to(user).open()
                if permissions.can_plan_saving(user, unit)
            ]
            fields["org_unit"].queryset = OrgUnit.objects.filter(pk__in=units)
            fields["org_unit"].initial = user.org_unit_id if user.org_unit_id in units else None
        people = User.objects.visible_to(user).working().filter(role__in=permissions.SPENDERS)
        fields["owner"].queryset = people.order_by("sort_key", "pk")
        fields["item"].queryset = BudgetItem.objects.in_use().order_by("order", "pk")

    def planned(self) -> SavingPlan:
        """The values for the action."""
        names = ("title", "description", "item", "owner", "due_on", "planned_saving")
        return SavingPlan(**{name: self.cleaned_data[name] for name in names})


class SavedForm(VersionForm):
    """What a measure has saved."""

    on = day_field(_("Carried out on"))
    actual_saving = MoneyField(label=_("Saving reached, ₽ a year"))
    result = CleanCharField(
        label=_("Result"),
        max_length=2000,
        widget=LONG,
        help_text=_("By what it shows: documents, figures before and after."),
    )
