"""Documents of CommerceML are written together, and money goes where it may."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from crm.imports.actions import import_file
from deals.models import Invoice, Payment
from tests.deals import commerceml as cml
from tests.factories import clients


@pytest.fixture
def load(cast):
    """Import the papers of a client of ours as the accountant."""
    clients.counterparty(clients.client(cast.manager), inn=cml.INN, kpp=cml.KPP)

    def run(*papers):
        done = import_file(
            "commerceml",
            by=cast.accountant,
            file_name="documents.xml",
            content=cml.file(*papers),
            columns={},
            options={},
            now=timezone.now(),
            dry=False,
        )
        return done.summary

    return run


def test_a_payment_that_names_nothing_pays_debts_and_no_advance_that_was_asked_for(load):
    sale = cml.document(number="1", amount="100.00")
    asked = cml.document(cml.INVOICE, "2", "50.00")
    load(sale, asked, cml.document(cml.PAYMENT, "3", "120.00"))
    assert dict(Invoice.objects.values_list("kind", "open_amount")) == {"postpay": 0, "prepay": 50}
    assert Payment.objects.get().free_amount == 20


def test_ten_documents_of_a_kind_cost_no_more_queries_than_one(load):
    def asked(numbers):
        kinds = (cml.SALE, cml.RETURN, cml.INVOICE, cml.PAYMENT)
        papers = (
            cml.document(kind, str(number + 20 * place), "10.00", lines=cml.line("10.00"))
            for place, kind in enumerate(kinds)
            for number in numbers
        )
        with CaptureQueriesContext(connection) as queries:
            assert load(*papers).facts["new"] == 4 * len(numbers)
        return len(queries)

    asked([1])  # what is read once and kept
    few = asked([2, 3])  # of one the advance pays the sale, and the return finds no debt
    assert asked(range(5, 15)) == few
