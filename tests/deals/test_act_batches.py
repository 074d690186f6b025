"""Acts of many reconciliations at once: each whole or not at all, one archive (part 4)."""

import io
import signal
from datetime import date, timedelta
from zipfile import ZipFile

import pytest
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from crm.errors import RuleViolation
from crm.work.actions import change_setting
from deals.actions.act_batches import run_waiting_batches, start_batch
from deals.models import ActBatch, ActBatchRow, ReconciliationAct
from deals.tasks import run_waiting_act_batches
from tests.cast import assemble, signed_in
from tests.deals.test_act_papers import pdf_text
from tests.factories import clients, deals
from tests.factories import reconciliations as factory
from tests.imports.processes import start_worker, wait_until
from tests.standing import standing

HTMX = {"HX-Request": "true"}
TODAY = factory.TODAY
AS_OF = date(2026, 10, 31)


def buyer(user, name):
    made = clients.client(user, name=name)
    deals.sale(made, "100.00", on=date(2026, 10, 5))
    return made


@standing
def chosen(cast):
    """Two to be made, one that is with the client, one that waits for the head, one of a day
    to come; and one of another department."""
    first, second = (factory.item(buyer(cast.manager, name)) for name in ("Альфа", "Бета"))
    sent = factory.sent(buyer(cast.manager, "Гамма"), by=cast.manager).item
    asked = factory.item(buyer(cast.manager, "Дельта"), state="requested")
    later = factory.item(buyer(cast.manager, "Эпсилон"), as_of=TODAY + timedelta(days=5))
    foreign = factory.item(buyer(cast.stranger, "Чужой"))
    return [first, second, sent, asked, later, foreign]


def states(batch):
    rows = ActBatchRow.objects.filter(batch=batch).select_related("item__client")
    return {row.item.client.name: row.state for row in rows}


def test_what_was_begun_goes_on_and_refusals_are_named(cast, chosen):
    batch = start_batch([item.pk for item in chosen], by=cast.manager)
    assert "Чужой" not in states(batch)
    assert run_waiting_batches(today=TODAY, most=1) == 1
    batch.refresh_from_db()
    assert (batch.finished_at, sorted(states(batch).values()).count("waiting")) == (None, 4)
    page = signed_in(cast.manager).get(batch.get_absolute_url()).content.decode()
    assert 'hx-trigger="every 1s"' in page
    assert "1 из 5 актов" in page
    assert run_waiting_batches(today=TODAY) == 4
    assert run_waiting_batches(today=TODAY) == 0
    batch.refresh_from_db()
    assert batch.finished_at
    assert states(batch) == {
        "Альфа": "done", "Бета": "done", "Гамма": "done", "Дельта": "refused",
        "Эпсилон": "refused",
    }  # fmt: skip
    assert sorted(ReconciliationAct.objects.values_list("client__name", "revision")) == [
        ("Альфа", 1), ("Бета", 1), ("Гамма", 1),
    ]  # fmt: skip
    page = signed_in(cast.manager).get(batch.get_absolute_url()).content.decode()
    assert "every 1s" not in page
    assert "Дата сверки ещё не наступила." in page
    for other in (cast.manager2, cast.director):
        assert signed_in(other).get(batch.get_absolute_url()).status_code == 404


def test_the_archive_has_one_paper_of_each_act_that_is_there(cast, chosen):
    batch = start_batch([item.pk for item in chosen], by=cast.manager)
    run_waiting_batches(today=TODAY)
    answer = signed_in(cast.manager).get(reverse("deals:act_batch_zip", args=[batch.pk]))
    assert "attachment" in answer.headers["Content-Disposition"]
    archive = ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    assert archive.testzip() is None
    acts = ReconciliationAct.objects.order_by("number")
    assert archive.namelist() == [f"{act.number} {act.client.name}.pdf" for act in acts]
    text = pdf_text(archive.read(archive.namelist()[0]))
    assert acts[0].number in text
    assert "100,00" in text


def test_the_chosen_ones_or_all_of_a_day_are_asked_for(cast, chosen):
    http, url = signed_in(cast.manager), reverse("deals:act_batch_start")
    ids = f"{chosen[0].pk},{chosen[1].pk}"
    dialog = http.get(f"{url}?ids={chosen[0].pk}&ids={chosen[1].pk}", headers=HTMX).content.decode()
    assert f'value="{ids}"' in dialog
    assert "id_day" not in dialog
    answer = http.post(url, {"ids": ids}, headers=HTMX)
    batch = ActBatch.objects.get()
    assert answer.headers["HX-Redirect"] == batch.get_absolute_url()
    assert set(states(batch)) == {"Альфа", "Бета"}
    http.post(url, {"ids": "", "day": f"{AS_OF}"})
    assert set(states(ActBatch.objects.first())) == {"Альфа", "Бета"}
    nothing = http.post(url, {"ids": "", "day": "2020-01-01"}, headers=HTMX)
    assert nothing.status_code == 422
    assert http.post(url, {"ids": f"{chosen[5].pk}"}, headers=HTMX).status_code == 422
    assert signed_in(cast.marketer).get(url).status_code == 403
    change_setting("reconciliation.batch_most", value=1, by=cast.director)
    with pytest.raises(RuleViolation, match="1"):
        start_batch([chosen[0].pk, chosen[1].pk], by=cast.manager)


def test_a_killed_worker_leaves_whole_acts_and_the_next_one_makes_the_rest(committed_db):
    cast = assemble()
    today = timezone.localdate()
    items = [factory.item(buyer(cast.manager, f"Клиент {n}")) for n in range(3)]
    batch = start_batch([item.pk for item in items], by=cast.manager)
    assert run_waiting_batches(today=today, most=1) == 1
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("LOCK TABLE deals_actline IN EXCLUSIVE MODE")  # the second act waits here
        worker = start_worker(run_waiting_act_batches)
        wait_until(_waits_for_lines)
        worker.send_signal(signal.SIGKILL)
        worker.wait()
    assert ReconciliationAct.objects.count() == 1
    wait_until(lambda: run_waiting_batches(today=today) == 2)
    assert set(states(batch).values()) == {"done"}
    assert ReconciliationAct.objects.filter(revision=1).count() == 3
    assert sum(act.lines.count() for act in ReconciliationAct.objects.all()) == 3


def _waits_for_lines():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT 1 FROM pg_locks l JOIN pg_database d ON d.oid = l.database"
            " WHERE NOT l.granted AND d.datname = current_database()"
            " AND l.relation = 'deals_actline'::regclass)"
        )
        return cursor.fetchone()[0]


def test_who_forms_acts_chooses_them_in_the_register(cast, chosen):
    start = reverse("deals:act_batch_start")
    for person, may in ((cast.manager, True), (cast.accountant, True), (cast.director, False)):
        page = signed_in(person).get(reverse("deals:reconciliation_list")).content.decode()
        assert (f'hx-get="{start}" hx-include=' in page, 'name="ids"' in page) == (may, may)
