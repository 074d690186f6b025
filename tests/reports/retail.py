"""Documents of ../shared/data/online_retail written straight into the tables.

Until the import of sales is there (`import_sales` takes over: replace `load` by the command).
"""

import csv
import gzip
from datetime import date
from decimal import Decimal

from clients.models import Client
from crm.copying import copy_values
from crm.history import verb
from deals.models import Shipment
from tests.kernel.shared_files import shared_file

DOCUMENTS = "data/online_retail/invoices_2010-12_2011-08.csv.gz"
KINDS = {"invoice": "sale", "credit_note": "return", "adjustment": "adjustment"}


def load():
    """Write all documents and their clients; returns how many documents."""
    with gzip.open(shared_file(DOCUMENTS), "rt", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    codes = sorted({row["CustomerID"] for row in rows} - {""})
    with verb("test.loaded", by=None):
        names = ("code", "name", "sort_key", "status", "external_id")
        made = [(code, f"Клиент {code}", f"клиент {code}", "client", code) for code in codes]
        pks = dict(zip(codes, copy_values(Client, names, made), strict=True))
        copy_values(
            Shipment,
            ("kind", "number", "client_id", "dated_on", "posted_on", "amount", "external_id"),
            [_document(row, pks) for row in rows],
            state="posted",
        )
    return len(rows)


def _document(row, pks):
    day = date.fromisoformat(row["InvoiceDate"][:10])
    amount = Decimal(row["Amount"])
    kind, number = KINDS[row["DocType"]], row["InvoiceNo"]
    client = pks.get(row["CustomerID"])
    if (kind == "sale" and amount < 0) or (kind == "return" and amount > 0):
        kind = "adjustment"
    return (kind, number, client, day, day, amount, f"retail|{number}")
