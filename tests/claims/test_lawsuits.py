"""Lawsuits after the term, their stages, the package for the court, limitation (CM-06, D.18)."""

import io
from datetime import date, timedelta
from decimal import Decimal
from zipfile import ZipFile

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse

from claims.actions import lawsuits as actions
from claims.actions import outgoing_moves as moves
from claims.actions.lawsuits import Stage
from claims.actions.limitation_alerts import watch_limitation
from claims.actions.outgoing_moves import Answer
from claims.actions.packages import make_waiting_packages
from claims.models import LAWSUIT_MOVES, Lawsuit, LawsuitPackage, LimitationWatch
from claims.outgoing import package_files
from claims.outgoing.sheets import Sheet
from crm.errors import RuleViolation, StaleVersion
from crm.files.actions import add_file
from crm.notices.models import Notice
from crm.work.actions import change_setting
from deals.models import Allocation
from deals.receivables.limitation import Pause, limitation, limitations
from tests.cast import signed_in
from tests.deals.test_act_papers import pdf_text
from tests.factories import clients, deals
from tests.factories import outgoing as factory
from tests.factories import reconciliations as acts
from tests.files import samples

D = Decimal
DAY = timedelta(days=1)
TODAY = factory.TODAY


@pytest.fixture
def client(cast):
    return clients.client(cast.manager, name="ООО «Должник»")


def to(lawsuit, state, on, *, by, **more):
    """The next stage on the day."""
    lawsuit.refresh_from_db()
    return actions.move_lawsuit(
        lawsuit.pk, Stage(state, on, **more), by=by, version=lawsuit.version, today=on
    )


# --- the lawsuit ----------------------------------------------------------------------------------


def test_no_lawsuit_before_the_day_after_the_term_and_the_table_refuses_it(cast, client):
    factory.sent(client, cast=cast, on=factory.TODAY - 60 * DAY)  # whose term has long been over
    claim = factory.sent(client, cast=cast)
    first = claim.lawsuit_from

    def prepare(day, by=cast.lawyer):
        return actions.prepare_lawsuit(
            claim.pk, by=by, version=claim.version, court="АС Москвы", to=day, today=day
        )

    with pytest.raises(RuleViolation, match=f"{claim.response_due:%d.%m.%Y}"):
        prepare(first - DAY)
    for other in (cast.manager, cast.department_head, cast.director):
        with pytest.raises(PermissionDenied):
            prepare(first, by=other)
    for days in (
        {"prepared_on": first - DAY},
        {"prepared_on": first, "filed_on": first - DAY, "state": "filed"},
    ):
        with (
            pytest.raises(IntegrityError, match="the term of the claim is not over"),
            transaction.atomic(),
        ):
            Lawsuit.objects.create(
                claim=claim, prepared_by=cast.lawyer, court="АС", calculated_to=first,
                principal=1, **days,
            )  # fmt: skip
    lawsuit = prepare(first)
    claim.refresh_from_db()
    assert (claim.state, lawsuit.state) == ("in_court", "prepared")
    assert lawsuit.principal == D("100000.00")
    assert lawsuit.accrual == Sheet.of(lawsuit.calculation).accrual > claim.interest


def test_a_lawsuit_asks_for_what_is_left_and_goes_on_to_its_end(cast, client):
    bill = factory.debt(client, contract=factory.contract(client))
    claim = factory.sent(client, bill, cast=cast)
    money = deals.payment(client, "40000.00", on=TODAY + DAY)
    Allocation.objects.create(
        payment=money, invoice=bill, amount=D("40000.00"), kind="manual", on_day=TODAY + DAY
    )
    moves.note_accrual_paid(claim.pk, by=cast.lawyer, version=claim.version, amount=D("500"))
    claim.refresh_from_db()
    day = claim.lawsuit_from
    lawsuit = actions.prepare_lawsuit(
        claim.pk, by=cast.lawyer, version=claim.version, court="АС Москвы", to=day, today=day
    )
    sheet = Sheet.of(lawsuit.calculation)
    assert (lawsuit.principal, lawsuit.accrual) == (D("60000.00"), sheet.accrual - 500)
    with pytest.raises(StaleVersion):
        actions.edit_lawsuit(
            lawsuit.pk, by=cast.lawyer, version=9, court="АС", case_number="", state_duty=None
        )
    lawsuit = actions.edit_lawsuit(
        lawsuit.pk, by=cast.lawyer, version=1, court="АС Москвы", case_number="",
        state_duty=D("10000"),
    )  # fmt: skip
    later = day + DAY
    again = actions.recount_lawsuit(
        lawsuit.pk, by=cast.lawyer, version=lawsuit.version, to=later, today=later
    )
    assert again.accrual == sheet.accrual - 500 + D("60.00"), "a day more at 0.1 %"
    with pytest.raises(RuleViolation):
        to(lawsuit, "filed", day - DAY, by=cast.lawyer)
    filed = to(lawsuit, "filed", day + DAY, by=cast.lawyer, case_number="А40-1/2026")
    assert (filed.case_number, filed.filed_on) == ("А40-1/2026", day + DAY)
    with pytest.raises(RuleViolation):
        actions.recount_lawsuit(
            lawsuit.pk, by=cast.lawyer, version=filed.version, to=later, today=later
        )
    won = to(lawsuit, "won", day + 60 * DAY, by=cast.lawyer, awarded=D("60000"), note="Полностью")
    assert (won.decided_on, won.awarded) == (day + 60 * DAY, D("60000"))
    to(lawsuit, "enforcement", day + 90 * DAY, by=cast.lawyer)
    closed = to(lawsuit, "closed", day + 120 * DAY, by=cast.lawyer, note="Взыскано")
    claim.refresh_from_db()
    assert (closed.state, claim.state, claim.end_reason) == ("closed", "closed", "Взыскано")
    assert [stage.state for stage in lawsuit.stages.all()] == [
        "prepared", "filed", "won", "enforcement", "closed",
    ]  # fmt: skip


@pytest.mark.parametrize("state", LAWSUIT_MOVES)
def test_no_other_stage_than_those_of_the_map(cast, client, state):
    lawsuit = factory.lawsuit(client, cast=cast)
    day = lawsuit.prepared_on
    facts = {"state": state}
    if state != "prepared":
        facts["filed_on"] = day
    if state in {"won", "lost", "settled", "enforcement"}:
        facts["decided_on"] = day
    if state == "closed":
        facts["closed_on"] = day
    Lawsuit.objects.filter(pk=lawsuit.pk).update(**facts)
    for target in set(LAWSUIT_MOVES) - LAWSUIT_MOVES[state]:
        with pytest.raises((RuleViolation, PermissionDenied)):
            to(lawsuit, target, day, by=cast.lawyer)


# --- the package ----------------------------------------------------------------------------------


def names_in(package):
    with package_files.opened(package) as file, ZipFile(file) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_the_package_holds_every_paper_and_names_what_is_missing(cast, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    client = clients.client(cast.manager, name="ООО «Должник»")
    clients.counterparty(client)
    contract = factory.contract(client)
    on = date(2026, 8, 3)
    shipped = [deals.sale(client, "1000.00", on=on, contract=contract) for _ in range(2)]
    bills = [one.invoice for one in shipped]
    signed_paper, act_scan = samples.pdf(), samples.pdf(header=b"act")
    add_file("shipment", shipped[0].pk, by=cast.manager, name="УПД.pdf", content=signed_paper)
    add_file("contract", contract.pk, by=cast.lawyer, name="договор.pdf", content=samples.pdf())
    made = acts.sent(client, by=cast.manager, as_of=date(2026, 8, 31))
    from deals.actions import acts as act_actions

    act_actions.sign_act(
        made.item_id, act_actions.Signature(date(2026, 9, 2), "Иванов", "директор", "director", ""),
        by=cast.manager, version=made.item.version, today=acts.TODAY,
    )  # fmt: skip
    add_file("reconciliation_act", made.pk, by=cast.manager, name="акт.pdf", content=act_scan)
    lawsuit = factory.lawsuit(client, *bills, cast=cast, on=date(2026, 11, 20))
    asked = actions.ask_for_package(lawsuit.pk, by=cast.lawyer, version=lawsuit.version)
    assert actions.ask_for_package(lawsuit.pk, by=cast.lawyer, version=lawsuit.version) == asked
    with pytest.raises(PermissionDenied):
        actions.ask_for_package(lawsuit.pk, by=cast.manager, version=lawsuit.version)
    assert make_waiting_packages(today=TODAY) == 1
    assert make_waiting_packages(today=TODAY) == 0
    package = LawsuitPackage.objects.get()
    files = names_in(package)
    number = lawsuit.claim.number
    assert [name.partition(" ")[0] for name in files] == [f"{n:02d}" for n in range(7)][
        : len(files)
    ]
    assert [title.partition(":")[0] for title in package.contents] == [
        f"Претензия № {number}",
        "Расчёт исковых требований на 22.12.2026",
        f"Договор № {contract.number}",
        f"УПД № {shipped[0].number} от 03.08.2026",
        f"Акт сверки № {made.number} на 31.08.2026",
    ]
    assert signed_paper in files.values(), "the scan as it was kept"
    contents = pdf_text(files["00 Опись.pdf"])
    assert number in contents
    assert "Не хватает" in contents
    missing = " ".join(package.missing)
    for wanted in ("Доказательство направления", shipped[1].number, "государственной пошлины"):
        assert wanted in missing
    assert shipped[0].number not in missing
    assert "Акт" not in missing
    web = signed_in(cast.lawyer)
    answer = web.get(reverse("claims:package_zip", args=[package.pk]))
    with ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as archive:
        assert set(archive.namelist()) == set(files)
    assert signed_in(cast.manager).get(answer.request["PATH_INFO"]).status_code == 403


def test_a_killed_maker_leaves_no_half_package(cast, client, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    lawsuit = factory.lawsuit(client, cast=cast)
    package = actions.ask_for_package(lawsuit.pk, by=cast.lawyer, version=lawsuit.version)
    package_files.unfinished(package).write_bytes(b"half")
    with pytest.raises(FileNotFoundError):
        package_files.opened(package)
    other = factory.lawsuit(client, cast=cast)
    beside = actions.ask_for_package(other.pk, by=cast.lawyer, version=other.version)
    assert make_waiting_packages(today=TODAY) == 2
    assert names_in(package)
    for made, suit in ((package, lawsuit), (beside, other)):
        made.refresh_from_db()
        assert suit.claim.number in made.contents[0], "each is finished by itself"
    again = actions.ask_for_package(lawsuit.pk, by=cast.lawyer, version=lawsuit.version)
    settings.MEDIA_ROOT = tmp_path / "file"
    settings.MEDIA_ROOT.write_bytes(b"no folder")
    make_waiting_packages(today=TODAY)
    again.refresh_from_db()
    assert (again.state, bool(again.failure)) == ("failed", True), "the next one may be asked for"


# --- limitation -----------------------------------------------------------------------------------


def test_the_first_claim_suspends_and_an_acknowledgement_begins_anew():
    due = date(2026, 7, 24)
    usual = limitation(due).expires
    pause = Pause(date(2026, 10, 1), 30)
    assert limitation(due, pauses=[pause]).expires == usual + 30 * DAY
    assert limitation(due, pauses=[pause, Pause(date(2027, 1, 1), 30)]).paused == 30
    assert limitation(due, pauses=[Pause(usual + DAY, 30)]).expires == usual, "it was over"
    later = date(2026, 11, 1)
    assert limitation(due, later, [pause]).expires == date(2029, 11, 1), "anew from then on"


def test_a_claim_moves_the_limitation_of_its_invoices(cast, client):
    bill, other = factory.debt(client, due=date(2026, 8, 31)), factory.debt(client)
    usual = limitations([other])[other.pk]
    claim = factory.sent(client, bill, cast=cast)
    assert limitations([bill])[bill.pk].expires == usual.expires + 30 * DAY
    assert limitations([other])[other.pk] == usual
    answer = Answer(TODAY + 10 * DAY, "refuses", "Не должны")
    claim = moves.answer_outgoing(
        claim.pk, answer, by=cast.lawyer, version=claim.version, today=TODAY + 10 * DAY
    )
    assert limitations([bill])[bill.pk].expires == usual.expires + 10 * DAY, "to the answer"
    type(claim).objects.filter(pk=claim.pk).update(acknowledged=True, answer_kind="agrees")
    assert limitations([bill])[bill.pk].acknowledged_on == TODAY + 10 * DAY


def test_a_filed_lawsuit_ends_it(cast, client):
    bill = factory.debt(client, due=TODAY - 30 * DAY)
    lawsuit = factory.lawsuit(client, bill, cast=cast)
    assert limitations([bill])[bill.pk].sued_on is None
    to(lawsuit, "filed", lawsuit.prepared_on, by=cast.lawyer)
    term = limitations([bill])[bill.pk]
    assert term.sued_on == lawsuit.prepared_on
    assert not term.is_near(term.last_day), "nothing to be told"


def test_alerts_come_at_each_step_once_to_the_manager_and_the_lawyer(cast, client):
    due = date(2026, 6, 1)
    bill = factory.debt(client, due=due)
    last = limitation(due).last_day
    notices = Notice.objects.filter(kind="limitation.near", channel="ui")
    assert watch_limitation(today=last - 180 * DAY) == 0
    assert watch_limitation(today=last - 179 * DAY) == 1
    assert watch_limitation(today=last - 179 * DAY) == 0, "once"
    assert watch_limitation(today=last - 100 * DAY) == 0
    assert watch_limitation(today=last - 20 * DAY) == 1, "after an outage the present step alone"
    assert LimitationWatch.objects.get().step == 30
    told = sorted(notices.values_list("user__username", flat=True))
    assert told == ["lawyer", "lawyer", "manager", "manager"]
    assert watch_limitation(today=last) == 0, "told, and there is still the day"
    assert LimitationWatch.objects.exists()
    assert watch_limitation(today=last + DAY) == 0
    assert not LimitationWatch.objects.exists(), "over: there is nothing to be saved"
    watch_limitation(today=last - 20 * DAY)
    money = deals.payment(client, "100000.00", on=TODAY)
    Allocation.objects.create(
        payment=money, invoice=bill, amount=D("100000.00"), kind="manual", on_day=TODAY
    )
    watch_limitation(today=last - 19 * DAY)
    assert not LimitationWatch.objects.exists(), "paid"


def test_the_steps_are_a_setting(cast, client):
    bill = factory.debt(client, due=date(2026, 6, 1))
    change_setting("limitation.alerts", by=cast.admin, value="7, 200")
    last = limitations([bill])[bill.pk].last_day
    assert watch_limitation(today=last - 199 * DAY) == 1
    assert LimitationWatch.objects.get().step == 200
