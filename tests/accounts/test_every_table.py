"""Every table has a history of its own, or a reason why it needs none (guarantee G-DB1)."""

import pghistory
import pytest
from django.apps import apps
from django.db import connection

OWN = ("accounts", "approvals", "assignments", "clients", "claims", "deals", "files", "imports")
OWN += ("library", "links", "meetings", "notices", "originals", "reports", "work")
# A table that people write is tracked. These are written by the program alone; «derived» is made
# anew from tracked tables whenever it is asked for, «journal» is a record of acts itself.
UNTRACKED = {
    "accounts.AccessEvent": "journal: append-only by trigger and right",
    "work.PeriodRun": "journal of periodic work",
    "work.Heartbeat": "a sign of life, written every minute",
    "work.NumberSequence": "a counter; the number stands in the document",
    "notices.Notice": "outbox: what it tells about is tracked",
    "imports.ImportRow": "journal of an import: each row of the file and what became of it",
    "imports.DroppedFile": "journal of files found in a folder",
    "links.LinkCount": "a counter with an end",
    "clients.ClientSearch": "derived from names by triggers",
    "clients.ReceivedMail": "journal of messages read; the letters made of them are tracked",
    "clients.Bank": "copy of the list of the Bank of Russia, replaced by the next one",
    "deals.AbcResult": "derived by its run, which is tracked; a category decided is an event",
    "deals.ActBatchRow": "journal of a job over many acts; the acts are tracked",
    "deals.ActLine": "derived from documents and payments; the act keeps the digest of its lines",
    "deals.ActLinkVisit": "journal of visits by a link",
    "deals.ExchangeFile": "a file on its way, deleted after it was read",
    "deals.WrongKey": "a counter with an end",
    "deals.AgeingSnapshot": "derived: debts of a day",
    "deals.AgeingLine": "derived: debts of a day",
    "claims.LawsuitPackage": "journal of a job that puts files together",
    "claims.LimitationWatch": "journal of reminders told",
    "reports.ClientMonth": "derived from documents by marks (ADR 0023)",
    "reports.KpiSnapshot": "derived from months of clients",
    "reports.FactMark": "a queue of what is to be counted",
    "reports.LateChange": "journal of what came after a month was closed",
    "reports.GroupMonth": "derived from documents by marks",
    "reports.ProductMark": "a queue of what is to be counted",
}


def own_models():
    return [
        model
        for model in apps.get_models()
        if model._meta.app_label in OWN
        and not model._meta.proxy
        and not issubclass(model, pghistory.models.Event)
    ]


def test_every_table_is_tracked_or_says_why_not():
    bare = {model._meta.label for model in own_models() if not hasattr(model, "pgh_event_model")}
    assert bare - UNTRACKED.keys() == set(), "track it, or say here why nobody will ask"
    assert UNTRACKED.keys() - bare == set(), "it has a history now, or is gone"


def test_every_app_of_ours_is_asked():
    product = ("crm.", "clients", "deals", "claims", "reports")
    labels = {one.label for one in apps.get_app_configs() if one.name.startswith(product)}
    with_tables = {label for label in labels if list(apps.get_app_config(label).get_models())}
    assert with_tables == set(OWN)


LINES = [model for model in own_models() if getattr(model, "history_of", "")]


@pytest.mark.parametrize("model", LINES, ids=lambda model: model.__name__)
def test_a_line_is_found_by_its_record_and_says_what_it_shows(model):
    event = model.pgh_event_model
    assert [index.fields for index in event._meta.indexes] == [[model.history_of]]
    told = {column.name for column in event._meta.concrete_fields}
    assert model.history_named
    assert model.history_shown
    assert {*model.history_named, *model.history_shown} <= told


def test_no_line_of_a_record_that_is_edited_is_without_its_place():
    assert {model.__name__ for model in LINES} >= {
        *("OrderLine", "ProposalLine", "ShipmentLine", "PriceListLine"),
        *("ClaimLine", "ReturnLine", "OutgoingLine", "SurveyQuestion"),
    }


def test_events_of_a_whole_statement_are_planned_for_its_own_rows(db):
    """A kept plan was made for one row: with thousands every row would be compared with every."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT proname, prosrc FROM pg_proc WHERE prosrc LIKE '%old_values JOIN new_values%'"
        )
        functions = dict(cursor.fetchall())
    assert len(functions) >= 3
    assert [name for name, text in functions.items() if "EXECUTE $history$" not in text] == []
