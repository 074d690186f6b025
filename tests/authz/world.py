"""One of everything, all of it belonging to `manager` of the cast, for the matrix of rights."""

import io
from datetime import date, datetime, timedelta
from types import SimpleNamespace
from uuid import uuid4
from zoneinfo import ZoneInfo

from django.contrib.contenttypes.models import ContentType
from django.utils import timezone
from PIL import Image

from claims.actions.book_returns import follow_books
from claims.actions.escalations import Matter, escalate
from claims.actions.measures import Plan, plan_measure
from clients.actions.assignments import Handover, transfer_clients
from clients.actions.schemes import Step, create_scheme, start_scheme
from clients.models import ContactResult
from crm.approvals.actions import submit
from crm.files.actions import add_file
from crm.imports.actions import upload_import
from crm.notices.models import Notice
from deals.actions.abc import run_abc
from deals.actions.act_batches import start_batch
from deals.actions.differences import Objection, add_difference
from deals.actions.reconciliation_schedules import Half
from deals.actions.stops import stop_client
from deals.models import FollowUpStep, ReconciliationSchedule, VatRate
from tests.authz.world_control import watched
from tests.authz.world_costs import costly
from tests.authz.world_facts import tasks
from tests.authz.world_outgoing import claimed
from tests.authz.world_pay import paid
from tests.authz.world_plans import planned
from tests.factories import (
    accounts,
    act_links,
    categories,
    claims,
    clients,
    contacts,
    contracts,
    deals,
    leads,
    letters,
    market,
    meetings,
    orders,
    prices,
    producers,
    promos,
    proposals,
    reconciliations,
    registration,
    retro,
    schemes,
    statements,
    subjects,
    surveys,
    visits,
    work,
)

TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=ZoneInfo("Europe/Moscow"))


def build(cast):
    """The rows that addresses name, by the names used in PARTS."""
    client = clients.client(cast.manager, phone="+79161234567", name="CANARY клиент")
    counterparty = clients.counterparty(client)
    sale = deals.sale(client, "1000.00", on=date(2026, 10, 5))
    scheme = create_scheme(
        by=cast.department_head,
        name="Схема",
        segment="",
        steps=[Step(kind="call", offset_days=3, title="Позвонить")],
    )
    run = start_scheme(client.pk, scheme_id=scheme.pk, by=cast.manager, start_on=TODAY, now=NOW)
    request = categories.change(client, cast.manager, state="draft")
    later = timezone.localdate() + timedelta(days=90)
    approval = submit(
        request,
        kind="category.change",
        by=cast.manager,
        title="B → A",
        org_unit=client.org_unit,
        today=timezone.localdate(),
    )
    debts = _debts(client, cast) | _promises(client, cast) | _disputed(cast)
    debts |= _reconciled(client, cast) | _claims(client, sale) | _handed_up(client, cast)
    return SimpleNamespace(
        **debts,
        client=client.pk,
        sale=sale.pk,
        person=clients.person(client).pk,
        need=clients.need(client, cast.manager).pk,
        outlet=clients.outlet(client).pk,
        counterparty=counterparty.pk,
        account=clients.account(counterparty).pk,
        contact=contacts.done(client, cast.manager, timezone.now()).pk,
        planned=contacts.planned(client, cast.manager, f"{later}").pk,
        line=contacts.plan_line(client, cast.manager).pk,
        scheme=scheme.pk,
        run=run.pk,
        transfer=_transfer(cast).pk,
        abc=run_abc(by=None, last=date(2026, 10, 31)).pk,
        word=ContactResult.objects.get(code="order").pk,
        approval=approval.pk,
        notice=_notice(cast.manager).pk,
        job=_job(cast.department_head).pk,
        file=_file(client, cast.manager).pk,
        payment=deals.payment(client, purpose="CANARY оплата", party_name="CANARY плательщик").pk,
        payer=deals.payer_account(client, by=cast.accountant).pk,
        exchange_key=deals.exchange_key(cast.accountant, cast.admin).pk,
        user=cast.manager.pk,
        unit=cast.sector.pk,
        order=orders.placed(client, by=cast.manager, is_prepaid=True, note="CANARY заказ").pk,
        picked=_picked(client, cast).pk,
        draft=deals.draft(client, note="CANARY черновик").pk,
        prepayment=deals.invoice(client, kind="prepay", note="CANARY аванс").pk,
        product=deals.product().pk,
        **_prices(client, cast),
        **letters.in_every_state(client, cast.manager),
        **surveys.of_matrix(client, cast.department_head),
        **leads.of_matrix(cast),
        **subjects.of_matrix(cast),
        **registration.of_matrix(client, cast),
        **visits.of_matrix(client, cast),
        **market.of_matrix(client, cast),
        **_reconciliations(client, cast),
        **_returns(client, cast),
        **claimed(cast),
        **planned(cast),
        **tasks(cast),
        **costly(cast),
        unassigned=deals.unassigned(client_text="CANARY без клиента").pk,
        delegation=accounts.delegation(
            cast.manager, cast.manager2, first=date(2046, 1, 9), last=date(2046, 1, 11)
        ).pk,
        work=work.item(cast.sector_head, cast.manager, "assignment", **_about(client)).pk,
        **_meeting(cast),
        **watched(cast),
        **paid(cast),
        original=accounts.original(cast.manager, by=cast.lawyer, note="CANARY оригинал").pk,
        own_account=deals.own_account().pk,
        statement=deals.statement().pk,
        types=ContentType.objects.get_for_model(type(client)).pk,
    )


def _about(client):
    """What work about the client says."""
    words = {"title": "CANARY поручение", "body": "CANARY подробности"}
    return {**words, "subject": ("client", client.pk)}


def _meeting(cast):
    """A briefing of the sector in which the manager takes part, with a decision."""
    meeting = meetings.called(cast, points=["CANARY вопрос"], people=[cast.manager])
    decision = meetings.decided(meeting, cast.sector_head, cast.manager)
    return {
        "meeting": meeting.pk,
        "agenda_point": decision.point_id,
        "decision": decision.pk,
        "participant": meeting.participants.get().pk,
    }


def _picked(client, cast):
    """A confirmed order: the delivery sees it."""
    order = orders.draft(client, by=cast.manager, note="CANARY доставка")
    order.state, order.submitted_at = "confirmed", NOW
    order.save(update_fields=["state", "submitted_at"])
    return order


def _prices(client, cast):
    """New prices of which the client is to be told, a draft of later ones, a proposal.

    The proposal is above everybody's limit but the director's.
    """
    tea, goods = deals.product(), deals.product()
    prices.buyer(cast.manager, tea, client=client)
    both = {tea: ("100.00", "110.00"), goods: ("100.00", "100.00")}
    change = prices.told(cast, both, since=date(2026, 12, 21), today=TODAY)
    later = {tea: "120.00", goods: "100.00"}
    draft = deals.price_list(cast.department_head, later, since=date(2027, 2, 1))
    half = {goods: ("1", "50")}
    policy = producers.policy(cast)
    bound = producers.agreement(cast.purchasing, {tea: {"lowest_price": "90"}})
    offer = proposals.draft(client, half, by=cast.manager, terms="CANARY условия")
    return {
        "price_list": draft.pk,
        "price_line": draft.lines.get(product=tea).pk,
        "producer_agreement": bound.pk,
        "pricing_policy": policy.pk,
        "price_notice": change.notices.get().pk,
        "proposal": offer.pk,
    }


def _reconciliations(client, cast):
    """To be made, to be sent, and to be signed."""
    by, more = cast.manager, {"comment": "CANARY сверка"}
    sent = reconciliations.sent(client, by=by, as_of=date(2026, 8, 31), **more)
    made = reconciliations.act(client, by=by, as_of=date(2026, 9, 30), **more)
    return {
        "to_make": reconciliations.item(client, **more).pk,
        "made_act": made.item_id,
        "sent_act": sent.item_id,
        "batch": start_batch([made.item_id], by=by).pk,
    }


def _returns(client, cast):
    """Returns of one sale as far as each address needs them, and one that the books alone know."""
    line = {"name": "CANARY товар", "quantity": 10, "price": 10, "amount": 100}
    sold = deals.sale(client, "100.00", on=date(2026, 10, 6), lines=[line])
    claim = claims.claim(client, description="CANARY претензия")
    backs = [
        claims.asked(sold, {sold.lines.get(): 1}, by=cast.manager, claim_id=claim.pk)
        for _number in range(4)
    ]
    back, came, taken, credited = (claims.decide(one, by=cast.department_head) for one in backs)
    claims.came(came, by=cast.logistics)
    claims.taken(taken, by=cast.logistics)
    claims.credited(claims.taken(credited, by=cast.logistics), by=cast.accountant)
    known = deals.returned(client, "-5.00", on=date(2026, 10, 1))
    follow_books(today=TODAY)
    return {
        "sold": sold.pk,
        "claim_of_return": claim.pk,
        "back": back.pk,
        "back_came": came.pk,
        "back_taken": taken.pk,
        "back_credited": credited.pk,
        "back_of_books": known.return_request.pk,
    }


def _debts(client, cast):
    """An overdue invoice, a limit, a stop of the department head, a rung of the ladder."""
    deals.invoice(client, "5000.00", on=date(2026, 9, 1), due=date(2026, 10, 1))
    stop = stop_client(client.pk, by=cast.department_head, reason="manual", note="Спор", now=NOW)
    return {
        "limit": deals.credit_limit(client, by=cast.director).pk,
        "limit_request": deals.limit_request(client, cast.manager).pk,
        "terms_request": deals.terms_request(client, cast.manager).pk,
        "relationship": schemes.scheme(client, cast.manager, goals="CANARY цели").pk,
        "held_scheme": schemes.scheme(client, cast.manager, state="active").pk,
        "promo": promos.promo(cast.department_head, clients=[client], mechanics="CANARY ход").pk,
        "stop": stop.pk,
        "rate": VatRate.objects.get(kind="zero").pk,
        "step": FollowUpStep.objects.order_by("pk").first().pk,
    }


def _reconciled(client, cast):
    """An act that is with its client by a personal link."""
    day = date(2026, 7, 31)
    act = reconciliations.act(client, by=cast.manager, today=timezone.localdate(), as_of=day)
    link = act_links.send(act.item, by=cast.manager, email="canary@example.com")
    return {"reconciled": act.item_id, "act_link": link.pk}


def _promises(client, cast):
    """A draft of a contract with a disagreement and an obligation, and a power of attorney."""
    contract = contracts.draft(client, cast.manager, note="CANARY условия")
    return {
        "contract": contract.pk,
        "disagreement": contracts.disagreement(contract, cast.manager).pk,
        "obligation": contracts.obligation(contract, cast.manager, cast.sector).pk,
        "power": contracts.power(cast.manager).pk,
        "document": contracts.document(client, cast.manager, note="CANARY бумага").pk,
        "delivery": contracts.delivery(client, cast.manager, reason="CANARY причина").pk,
        "template": contracts.template().pk,
        **_retro(client, contract, cast),
        **_reconciliation(client, cast),
    }


def _retro(client, contract, cast):
    """A draft under the contract, and what is accrued under another one."""
    draft = retro.agreement(contract, cast.manager, state="draft", conditions="CANARY условия")
    held = retro.agreement(contracts.active(client, cast.manager), cast.manager)
    return {"retro": draft.pk, "retro_accrual": retro.accrual(held).pk}


def _reconciliation(client, cast):
    """One of the draft of the department's next schedule."""
    half = Half.of(timezone.localdate()).following
    schedule = ReconciliationSchedule.objects.create(
        org_unit=cast.department, year=half.year, half=half.half
    )
    item = reconciliations.item(
        client,
        as_of=half.following.first - timedelta(days=1),
        kind="planned",
        reason="",
        schedule=schedule,
        comment="CANARY сверка",
    )
    return {"schedule": schedule.pk, "reconciliation": item.pk}


def _claims(client, sale):
    """One for goods to be decided, one that was decided."""
    line = {"name": "CANARY товар", "quantity": 1, "price": 100, "amount": 100}
    more = {"description": "CANARY претензия", "shipment": sale, "lines": [line]}
    decided = claims.decided(client, findings="CANARY", compensation="money")
    return {"claim": claims.claim(client, **more).pk, "decided_claim": decided.pk}


def _disputed(cast):
    """An act that is with the client, and what the client does not agree with."""
    act = statements.act(cast.manager, name="CANARY сверка", code="S-00001")
    objection = Objection("CANARY возражение")
    row = add_difference(act.pk, objection, by=cast.manager, today=statements.TODAY)
    return {"act": act.pk, "disputed": act.item_id, "difference": row.pk}


def _handed_up(client, cast):
    """A conflict that waits for the sector head, and a measure."""
    matter = Matter("conflict", "CANARY конфликт", "CANARY попытки")
    today = timezone.localdate()
    conflict = escalate(client.pk, matter, by=cast.manager, today=today, key=uuid4())
    return {
        "escalation": conflict.pk,
        "measure": _measure(cast).pk,
    }


def _measure(cast):
    """What the manager answers for against claims of the own sector."""
    plan = Plan(
        title="CANARY мера",
        description="",
        reason=claims.reason(),
        guilty_party="",
        product_group=None,
        owner=cast.manager,
        due_on=timezone.localdate() + timedelta(days=9),
    )
    today = timezone.localdate()
    return plan_measure(cast.sector.pk, plan, by=cast.department_head, today=today)


def _transfer(cast):
    """A client of manager2 went to manager: both and their heads see it."""
    theirs = clients.client(cast.manager2)
    return transfer_clients(
        by=cast.sector_head,
        handover=Handover(
            from_manager_id=cast.manager2.pk,
            to_manager_id=cast.manager.pk,
            on=timezone.localdate(),
            kind="other",
        ),
        today=timezone.localdate(),
        client_ids=[theirs.pk],
    )


def _notice(person):
    return Notice.objects.create(
        user=person,
        channel="ui",
        kind="client.silent",
        params={},
        dedupe_key="matrix",
        due_at=timezone.now(),
        state="sent",
        sent_at=timezone.now(),
    )


def _file(client, person):
    picture = io.BytesIO()
    Image.new("RGB", (4, 4)).save(picture, "PNG")
    how = {"name": "CANARY файл.png", "content": picture.getvalue()}
    return add_file("client", client.pk, by=person, **how)


def _job(person):
    content = "Дата;Менеджер;Результат\n01.11.2026;Иванова Анна;Заказ\n".encode()
    return upload_import(by=person, kind="contacts", file_name="a.csv", content=content)
