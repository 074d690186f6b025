"""Figures of histories read with their unit, as everywhere: money, per cent, days, dates."""

from datetime import date
from decimal import Decimal

import pytest
from django.apps import apps
from django.db import models
from django.utils import translation

from claims.models import Claim, KeyRate, OutgoingClaim
from crm.accounts.history_units import MONEY, PERCENT, _by_convention
from crm.accounts.history_values import in_words
from crm.approvals.models import ApprovalRouteStep
from deals.models import Contract, PolicyException, TermsRequest
from reports.models import TargetTask

NB = "\u00a0"
SAID = [
    (Claim, "claimed_amount", "1234567.89", f"1{NB}234{NB}567,89{NB}₽"),
    (Claim, "claimed_amount", "5", f"5,00{NB}₽"),
    (OutgoingClaim, "total", "41410.12", f"41{NB}410,12{NB}₽"),
    (KeyRate, "percent", "14.00", f"14{NB}%"),
    (Contract, "penalty_pct_day", "0.1000", f"0,1{NB}%"),
    (Contract, "deferral_days", 21, "21 день"),
    (ApprovalRouteStep, "due_working_days", 2, "2 рабочих дня"),
    (Contract, "signed_on", date(2026, 11, 23), "23.11.2026"),
]
BY_ITS_ROW = [
    (TermsRequest, {"kind": "discount"}, "7.50", f"7,5{NB}%"),
    (TermsRequest, {"kind": "deferral"}, "14.00", "14 дней"),
    (PolicyException, {"kind": "deferral"}, "3.00", "3 дня"),
    (PolicyException, {"kind": "limit"}, "3000.00", f"3{NB}000,00{NB}₽"),
]


def said(model, name, value, **row):
    event = model.pgh_event_model(**row)
    column = type(event)._meta.get_field(name)
    with translation.override("ru"):
        return in_words(event, column, value, links=None)


@pytest.mark.parametrize(("model", "name", "value", "words"), SAID)
def test_a_figure_has_its_unit(model, name, value, words):
    assert said(model, name, Decimal(value) if isinstance(value, str) else value) == words


@pytest.mark.parametrize(("model", "row", "value", "words"), BY_ITS_ROW)
def test_a_figure_whose_unit_depends_on_the_row(model, row, value, words):
    assert said(model, "value", Decimal(value), **row) == words


def test_a_target_is_measured_as_its_task_says_and_a_year_in_nothing():
    assert said(TargetTask, "plan", Decimal("1200.00"), unit="шт.") == f"1{NB}200{NB}шт."
    assert said(apps.get_model("reports", "Budget"), "year", 2026) == "2026"


def test_every_decimal_of_a_tracked_record_is_money_or_per_cent_or_says_what_it_is():
    """A new column joins the conventions or names its unit: no bare figure slips in."""
    known = {"quantity", "before_rate", "after_rate", "coefficient"}
    known |= {"accepted_quantity", "shipped_qty"}
    bare = [
        f"{model.__name__}.{field.name}"
        for model in apps.get_models()
        if hasattr(model, "pgh_event_model") and not hasattr(model, "history_unit")
        for field in model._meta.concrete_fields
        if isinstance(field, models.DecimalField)
        and field.name not in known
        and _by_convention(field) not in (MONEY, PERCENT)
    ]
    assert bare == []
