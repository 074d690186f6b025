"""The key rate: kept by its keepers, its page, the warning when it is old (D.8)."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from claims.actions import key_rates
from claims.models import KeyRate
from claims.outgoing.calculation import stale_since
from claims.outgoing.key_rate_seeds import seed_key_rates
from crm.errors import RuleViolation, StaleVersion
from tests.cast import everybody, signed_in
from tests.claims.test_outgoing_pages import HTMX, shown

D = Decimal


def test_a_key_rate_is_added_between_and_taken_out_by_its_keepers(cast):
    day = date(2026, 9, 14)
    for other in set(everybody(cast)) - {"lawyer", "accountant", "admin"}:
        with pytest.raises(PermissionDenied):
            key_rates.add_key_rate(by=getattr(cast, other), percent=D("13.5"), valid_from=day)
    assert seed_key_rates() == 0, "rates that stand are left alone"
    assert stale_since(date(2026, 9, 25)) is None, "sixty days"
    assert stale_since(date(2026, 9, 26)) == date(2026, 7, 27)
    rate = key_rates.add_key_rate(by=cast.lawyer, percent=D("13.5"), valid_from=day)
    assert KeyRate.objects.on(day) == rate.pk
    assert stale_since(date(2026, 9, 26)) is None
    with pytest.raises(RuleViolation):
        key_rates.add_key_rate(by=cast.lawyer, percent=D("13"), valid_from=day)
    with pytest.raises(StaleVersion):
        key_rates.remove_key_rate(rate.pk, by=cast.lawyer, version=7)
    key_rates.remove_key_rate(rate.pk, by=cast.admin, version=rate.version)
    assert KeyRate.objects.table()[-1].percent == D("14.00")


def test_key_rates_are_added_on_their_page_and_the_warning_goes(cast):
    today = timezone.localdate()
    warning = "Последняя ключевая ставка внесена"
    assert warning in shown(cast.accountant, "key_rates")
    web = signed_in(cast.accountant)
    url = reverse("claims:key_rate_add")
    assert (
        web.post(url, {"percent": "13,50", "valid_from": f"{today}"}, headers=HTMX).status_code
        == 204
    )
    page = shown(cast.accountant, "key_rates")
    assert warning not in page
    assert "13,5&nbsp;%" in page
    rate = KeyRate.objects.get(valid_from=today)
    out = reverse("claims:key_rate_remove", args=[rate.pk])
    assert web.post(out, {"version": rate.version}, headers=HTMX).status_code == 204
    assert warning in shown(cast.accountant, "key_rates")
