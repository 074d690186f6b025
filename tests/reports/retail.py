"""Documents of ../shared/data/online_retail, brought in by the product's own import."""

import json
from io import StringIO

from django.core.management import call_command

from tests.kernel.shared_files import shared_file

DOCUMENTS = "data/online_retail/invoices_2010-12_2011-08.csv.gz"


def load():
    """Import all documents with their clients; returns how many documents."""
    told = StringIO()
    path = str(shared_file(DOCUMENTS))
    call_command("import_sales", path, "--create-clients", "--json", stdout=told)
    return json.loads(told.getvalue())["documents"]
