"""Schemes of motivation: from a month on, by the director alone; what counted a sheet stays."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from crm.errors import RuleViolation
from reports.actions import schemes
from reports.actions.incentive_drafts import recount_sheet
from reports.models import MotivationScheme, PersonalTerms
from tests.cast import signed_in
from tests.factories import incentives

pytestmark = pytest.mark.django_db

D = Decimal
TODAY = timezone.localdate()
OCTOBER = date(2026, 10, 1)


def test_terms_change_from_a_month_on_and_what_counted_stays(cast):
    schemes.seed_schemes()
    assert schemes.seed_schemes() == 0
    terms = schemes.DEFAULTS["manager"]
    values = vars(terms) | {"threshold": D(75)}
    schemes.set_scheme("manager", OCTOBER, schemes.Terms(**values), by=cast.director)
    held = MotivationScheme.objects.holding
    assert held("manager", date(2026, 9, 1)).threshold == 80
    assert held("manager", date(2027, 1, 1)).threshold == 75
    for wrong in ({"weight_ship": D(41)}, {"cap": D(70)}, {"salary": D(-1)}):
        changed = schemes.Terms(**vars(terms) | wrong)
        with pytest.raises(RuleViolation):
            schemes.set_scheme("manager", OCTOBER, changed, by=cast.director)
    for who in (cast.department_head, cast.general_director):
        with pytest.raises(PermissionDenied):
            schemes.set_scheme("manager", OCTOBER, terms, by=who)
        with pytest.raises(PermissionDenied):
            schemes.set_personal_terms(
                cast.manager.pk, OCTOBER, by=who, salary=D(1), target_bonus=None
            )
    used = incentives.sheet(cast.manager, scheme=held("manager", OCTOBER))
    with pytest.raises(RuleViolation):
        schemes.set_scheme("manager", OCTOBER, terms, by=cast.director)
    with (
        pytest.raises(IntegrityError, match="a scheme that counted a sheet stays"),
        transaction.atomic(),
    ):
        MotivationScheme.objects.filter(pk=used.scheme_id).update(salary=1)
    with pytest.raises(RuleViolation):  # nobody planned and brought anything
        recount_sheet(used.pk, by=cast.department_head, version=1, today=TODAY)
    client = signed_in(cast.director)
    wage = {"employee": cast.manager.pk, "valid_from": "2026-10", "salary": "70 000"}
    assert client.post(reverse("reports:wage_set"), wage).status_code == 302
    assert PersonalTerms.objects.holding(OCTOBER)[cast.manager.pk].salary == 70000
    assert client.get(f"{reverse('reports:scheme_set')}?role=sector_head").status_code == 200
    own = signed_in(cast.manager).get(reverse("reports:scheme_list")).content.decode()
    assert "70 000" not in own.replace("\xa0", " ")
