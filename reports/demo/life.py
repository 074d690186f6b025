"""What makes a department alive: absences, schemes, decisions that wait.

Written by the actions of the product, so that it looks as if people had done it.
"""

from datetime import date, timedelta
from decimal import Decimal
from random import Random

from clients.actions.categories import draft_category_change, submit_category_change
from clients.actions.category_proposals import propose_category
from clients.actions.schemes import Step, create_scheme
from clients.models import Client
from crm.accounts.actions.delegations import create_delegation
from crm.accounts.models import User
from crm.approvals.actions import decide
from crm.approvals.models import Approval
from crm.money import round_half_up
from deals.actions.limit_requests import save_limit_request
from deals.models import LimitRequest
from deals.receivables.norms import limit_norm
from reports.demo import words
from reports.demo.assortment import add_assortment
from reports.demo.contracts import add_contracts
from reports.demo.control import add_control
from reports.demo.distribution import add_distribution
from reports.demo.escalations import add_escalations
from reports.demo.halls import add_halls
from reports.demo.leads import add_leads
from reports.demo.letters import add_letters
from reports.demo.library import add_library
from reports.demo.market import add_market
from reports.demo.meetings import add_meetings
from reports.demo.originals import add_originals
from reports.demo.people import Staff
from reports.demo.policy import add_policy
from reports.demo.producers import add_producers
from reports.demo.promos import add_promos
from reports.demo.proposals import add_proposals
from reports.demo.retro import add_retro
from reports.demo.returns import add_returns
from reports.demo.scales import Scale
from reports.demo.staff import add_staff_notes
from reports.demo.subjects import add_subjects
from reports.demo.submissions import add_submissions
from reports.demo.surveys import add_surveys
from reports.demo.terms import add_terms
from reports.demo.visits import add_visits
from reports.demo.waiting import add_waiting_contracts
from reports.demo.work import add_work

NEIGHBOURS = {"A": "B", "B": "A", "C": "B"}
LIMIT_SHARES = (Decimal("1.5"), Decimal("0.8"), Decimal("0.6"), Decimal("2.5"))  # of the norm
LEAST_LIMIT = Decimal(10_000)


def add_everyday_life(scale: Scale, staff: Staff, random: Random, today: date) -> None:
    """Absences, approach schemes, requests on their way, contracts."""
    _absences(staff, today)
    _schemes(staff)
    _new_clients(scale, today)
    _category_changes(scale, staff, random, today)
    _limit_requests(staff, today)
    add_halls(scale, today)
    add_contracts(staff, random, today)
    add_proposals(staff, Random(f"{today}-proposals"), today)  # noqa: S311
    add_originals(staff, today)
    add_terms(staff, today)
    add_retro(staff, today)
    add_promos(staff, today)
    add_producers(staff, today)
    add_policy(staff, today)
    add_escalations(staff, today)
    add_work(staff, today)
    add_meetings(staff, today)
    add_library(staff, today)
    add_control(staff, today)
    add_staff_notes(staff, today)
    add_submissions(staff, today)
    add_returns(staff, today)
    add_leads(staff, today)
    add_letters(staff, today)
    add_surveys(staff, today)
    add_market(staff, today)
    add_subjects(staff, today)
    add_distribution(staff, today)
    add_assortment(staff, today)
    add_visits(staff, today)
    if scale.waiting:
        add_waiting_contracts(staff, scale.waiting, today)


def _absences(staff: Staff, today: date) -> None:
    """The second manager is away; the head leaves in a fortnight."""
    manager, away = staff.by_login["manager"], staff.by_login["manager2"]
    create_delegation(
        by=away,
        today=today,
        owner_id=away.pk,
        delegate_id=manager.pk,
        reason="vacation",
        valid_from=today - timedelta(days=3),
        valid_to=today + timedelta(days=9),
        covers_decisions=False,
    )
    head, sector = staff.by_login["head"], staff.by_login["sector"]
    create_delegation(
        by=head,
        today=today,
        owner_id=head.pk,
        delegate_id=sector.pk,
        reason="trip",
        valid_from=today + timedelta(days=14),
        valid_to=today + timedelta(days=18),
    )


def _schemes(staff: Staff) -> None:
    head = staff.by_login["head"]
    create_scheme(
        by=head,
        name="Новый клиент",
        segment="Потенциальные клиенты",
        steps=[
            _step("call", 0, "Знакомство: кто решает, что покупают", "Представиться, узнать ЛПР."),
            _step("email", 1, "Отправить предложение и прайс", ""),
            _step("call", 4, "Обсудить предложение", "Спросить о сроках и условиях."),
            _step("visit", 10, "Встреча и договор", "Взять образцы."),
        ],
    )
    create_scheme(
        by=head,
        name="Вернуть клиента",
        segment="Нет заказов три месяца",
        steps=[
            _step("call", 0, "Узнать причину", "Не спорить, записать причину."),
            _step("email", 3, "Ответ на причину", ""),
            _step("visit", 8, "Встреча с руководителем", ""),
        ],
    )


def _step(kind: str, offset_days: int, title: str, script: str) -> Step:
    return Step(kind=kind, offset_days=offset_days, title=title, script=script)


def _new_clients(scale: Scale, today: date) -> None:
    """Newcomers without a category whose managers propose one."""
    rows = Client.objects.filter(category=None, status="prospect").select_related("manager")
    for client in rows.order_by("pk")[: scale.decisions]:
        propose_category(
            client.pk,
            by=_of(client),
            category="C" if client.pk % 3 else "B",
            reason="Потенциал по анкете и первому разговору.",
            today=today,
        )


def _category_changes(scale: Scale, staff: Staff, random: Random, today: date) -> None:
    """Two thirds are endorsed and wait for the director, the rest for the head."""
    rows = Client.objects.filter(
        category__in=["A", "B", "C"], status="client", kind__in=["legal", "ip"]
    ).select_related("manager__org_unit", "org_unit")
    step = max(1, scale.clients // (scale.decisions * 4))
    first = (today.replace(day=1) + timedelta(days=32)).replace(day=1)
    for number, client in enumerate(rows.order_by("pk")[: scale.decisions * step : step]):
        before = client.category or "C"
        after = NEIGHBOURS[before]
        request = draft_category_change(
            client.pk,
            by=_of(client),
            to_category=after,
            reason=random.choice(words.RISES if after < before else words.FALLS),
            effective_from=first,
            today=today,
        )
        approval = submit_category_change(
            request.pk, by=_of(client), version=request.version, today=today
        )
        if number % 3:
            _endorse(approval, staff.head_of(_of(client)), today)


def _limit_requests(staff: Staff, today: date) -> None:
    """Some within the norm, some above it; every other one has the visa of the accounting."""
    owing = Client.objects.filter(invoices__open_amount__gt=0, category__in=["A", "B"])
    rows = owing.distinct().select_related("manager__org_unit", "org_unit")
    for number, client in enumerate(rows.order_by("pk")[: len(LIMIT_SHARES)]):
        norm = limit_norm(client, today).amount
        save_limit_request(
            client.pk,
            by=_of(client),
            today=today,
            request_id=None,
            version=0,
            send=True,
            amount=round_half_up(max(norm * LIMIT_SHARES[number], LEAST_LIMIT)),
            valid_from=today,
            deferral_days=None,
            deferral_day_type="calendar",
            reason=words.LIMIT_REASONS[number % len(words.LIMIT_REASONS)],
        )
        if number % 2:
            request = LimitRequest.objects.get(client=client)
            accountant = staff.by_login["accountant"]
            _endorse(Approval.objects.of(request).get(), accountant, today)


def _endorse(approval: Approval, head: User, today: date) -> None:
    shown = Approval.objects.get(pk=approval.pk)
    decide(
        shown.pk,
        by=head,
        decision="approve",
        comment="Согласен, объёмы подтверждаю.",
        version=shown.version,
        target_version=shown.target_version,
        today=today,
    )


def _of(client: Client) -> User:
    if client.manager is None:
        raise ValueError("the demo gives every client a manager")
    return client.manager
