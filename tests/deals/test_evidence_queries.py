"""What a decision rests on is read in a bounded number of queries, whatever the client has."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from clients.actions.categories import submit_category_change
from crm.approvals.models import Approval
from deals.actions import abc
from deals.actions.limit_requests import save_limit_request
from deals.actions.schemes import submit_scheme
from deals.actions.terms_requests import save_terms_request
from deals.receivables.client_figures import figures_of
from tests.cast import signed_in
from tests.factories import categories, clients, deals, schemes
from tests.factories.spreading import allocate_payment
from tests.standing import standing

D = Decimal


@standing
def client(cast):
    """A client with something of everything that evidence shows."""
    today = timezone.localdate()
    made = clients.client(cast.manager, category="B", name="ООО «Ромашка»", since="2025-01-13")
    old = today - timedelta(days=90)
    deals.sale(made, "1000.00", on=old)
    deals.returned(made, "-50.00", on=today)
    deals.invoice(made, "300.00", on=old, due=old + timedelta(days=10))
    allocate_payment(deals.payment(made, "120.00", on=old + timedelta(days=10)).pk, by=None)
    deals.payment(made, "7.00", on=today, state="matched")
    deals.credit_limit(made, "5000.00", by=cast.director)
    deals.limit_request(made, cast.manager, state="rejected")
    deals.terms_request(made, cast.manager, "2", state="approved")
    deals.terms_request(made, cast.manager, "20", kind="deferral", state="approved")
    schemes.scheme(made, cast.manager, state="active", today=today)
    categories.change(made, cast.manager, state="rejected")
    abc.run_abc(by=cast.director, last=today)
    return made


def category(client, by, today):
    made = categories.change(client, by, effective_from=today)
    submit_category_change(made.pk, by=by, version=made.version, today=today)


def terms(client, by, today):
    save_terms_request(
        client.pk, by=by, today=today, kind="discount", request_id=None, version=0, send=True,
        value=D("4.5"), valid_from=today, valid_to=today, reason="Крупная партия",
    )  # fmt: skip


def limit(client, by, today):
    save_limit_request(
        client.pk, by=by, today=today, request_id=None, version=0, send=True, amount=D(400),
        valid_from=today, deferral_days=None, deferral_day_type="calendar", reason="Рост",
    )  # fmt: skip


def scheme(client, by, today):
    later = today + timedelta(days=200)
    values = {"valid_from": later, "valid_to": later + timedelta(days=60)}
    made = schemes.draft(client, by, today, **values)
    submit_scheme(made.pk, by=by, version=made.version, today=today)


@pytest.mark.parametrize(
    ("ask", "signer", "shown"),
    [
        (category, "department_head", ["1 000", "1 130"]),
        (terms, "sector_head", ["950,00", "2,00", "4,50"]),
        (limit, "accountant", ["5 000,00", "1 130,00"]),
        (scheme, "department_head", ["950,00"]),
    ],
)
def test_evidence_is_read_in_twelve_queries(
    cast, client, ask, signer, shown, django_assert_max_num_queries
):
    ask(client, cast.manager, timezone.localdate())
    url = Approval.objects.latest("pk").get_absolute_url()
    browser = signed_in(getattr(cast, signer))
    browser.get(url)
    with django_assert_max_num_queries(12):
        html = browser.get(url, headers={"HX-Request": "true"}).content.decode()
    plain = html.replace("\u00a0", " ").replace("\u202f", " ")
    assert [text for text in [*shown, 'name="decision"'] if text not in plain] == []


def test_the_figures_of_a_client_are_those_of_its_documents(cast, client):
    """One query says what several said; a client without anything has nothing."""
    found = figures_of(client.pk, timezone.localdate())
    assert found.turnover == D("950.00")
    assert (found.limit, found.advance) == (D("5000.00"), D("7.00"))
    assert (found.debt.total, found.debt.overdue_days) == (D("1130.00"), 80)
    assert found.discipline.on_time_percent == 100
    none = figures_of(clients.client(cast.manager).pk, timezone.localdate())
    assert (none.debt.total, none.limit, none.advance, none.turnover) == (0, None, 0, 0)
    assert none.discipline.on_time_percent is None
