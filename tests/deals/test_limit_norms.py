"""A new category has another norm of the credit limit (C.5 no. 2): a limit is proposed, not set."""

from datetime import timedelta
from decimal import Decimal

import pytest

from clients.actions.categories import apply_category_changes
from crm.notices.models import Notice
from deals.models import CreditLimit
from deals.receivables.norms import limit_norm
from tests.clients.test_categories import FIRST
from tests.clients.test_categories_effect import approved
from tests.factories import categories as make
from tests.factories import deals

KIND = "limit.norm_changed"


@pytest.fixture
def client(cast):
    made = make.client(cast.manager, name="ООО «Ромашка»", by=cast.department_head)
    deals.sale(made, "90000.00", on=FIRST - timedelta(days=40))
    return made


def told(**more):
    return list(Notice.objects.filter(kind=KIND, channel="ui", **more))


def test_the_manager_is_asked_for_a_limit_of_the_new_norm(cast, client):
    limit = deals.credit_limit(client, "50000.00", by=cast.director)
    approved(cast, client)
    apply_category_changes(today=FIRST - timedelta(days=1))
    assert told() == []
    apply_category_changes(today=FIRST)
    apply_category_changes(today=FIRST)
    client.refresh_from_db()
    norm = limit_norm(client, FIRST).amount
    assert norm > 0
    (notice,) = told()
    assert (notice.user, notice.url) == (cast.manager, f"/deals/credit/{client.pk}/")
    assert notice.params["category"] == "A"
    shown = {name: notice.params[name].replace("\xa0", "") for name in ("norm", "limit")}
    assert {name: Decimal(text.replace(",", ".")) for name, text in shown.items()} == {
        "norm": norm,
        "limit": limit.amount,
    }
    assert list(CreditLimit.objects.filter(client=client)) == [limit]


def test_nothing_is_proposed_without_a_limit_or_where_it_is_the_norm(cast, client):
    second = make.client(cast.manager, by=cast.department_head)
    deals.sale(second, "90000.00", on=FIRST - timedelta(days=40))
    for one in (client, second):
        approved(cast, one)
    second.category = "A"
    deals.credit_limit(second, limit_norm(second, FIRST).amount, by=cast.director)
    assert apply_category_changes(today=FIRST) == 2
    assert told() == []
