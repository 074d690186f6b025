"""Registration sheets of the demo: last year's campaign is over, this year's is well on its way.

One statement writes all sheets of a campaign: what became of a client's sheet follows from its key.
"""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

from django.db import connection

from clients.models import RegistrationCampaign, RegistrationQuestion
from clients.sheets.sheet_questions import frozen, questions_of
from crm.accounts.models import OrgUnit, User
from crm.calendar import next_working_day
from reports.demo.people import Staff

BEGUN_AGO, LEFT_DAYS = 40, 9
# Of a hundred sheets so many are approved, to be checked, returned, begun; the others are empty.
RUNNING = (70, 78, 81, 90)
CLOSED = (91, 91, 91, 96)
# Of a hundred sheets of last year so many came late.
LATE = 9
BACK = "Потенциал не сходится с отгрузками за год: уточните у клиента."

# Answers of a whole sheet; the first ones are what a sheet that was only begun has.
BEGUN = """
    'legal_name', coalesce(legal.full_name, c.name),
    'inn', coalesce(nullif(legal.inn, ''), '7707083893'),
    'address', coalesce(nullif(c.address, ''), 'г. Москва, ул. Складская, д. 1'),
    'phone', coalesce(nullif(c.phone, ''), '+74951234567'),
    'potential', trim_scale(c.potential_monthly)::text
"""
WHOLE = """
    'kpp', coalesce(legal.kpp, ''),
    'legal_address', coalesce(nullif(legal.legal_address, ''), 'г. Москва, ул. Складская, д. 1'),
    'email', coalesce(nullif(c.email, ''), 'zakaz' || c.id || '@client.example'),
    'decider', coalesce(who.full_name || ', ' || who.position, 'Директор'),
    'decider_phone', coalesce(nullif(who.phone, ''), '+74951234568'),
    'business', (array['Розничный магазин', 'Сеть магазинов', 'Оптовая торговля',
                       'Общественное питание', 'Производство'])[1 + c.id %% 5],
    'outlets', (1 + c.id %% 7)::text,
    'our_share', (array['До 10 %%', '10–30 %%', '30–60 %%', 'Больше 60 %%'])[1 + c.id / 3 %% 4],
    'frequency', (array['Каждую неделю', 'Два раза в месяц', 'Раз в месяц', 'Реже'])
                 [1 + c.id / 5 %% 4],
    'needs', (array['Чай и кофе, просит крупную фасовку', 'Бакалея, нужна доставка до восьми утра',
                    'Сладости, интересны новинки к праздникам', 'Специи и соусы'])[1 + c.id %% 4],
    'payment', (array['Предоплата', 'Отсрочка до 14 дней', 'Отсрочка 15–30 дней'])[1 + c.id %% 3],
    'papers', (array['ЭДО', 'Бумага', 'И так и так'])[1 + c.id / 7 %% 3],
    'checked_on', %(day)s::text
"""
SHEETS = f"""
    WITH chosen AS (
        SELECT c.id, c.manager_id, coalesce(c.category, '') AS category, c.potential_monthly,
               CASE WHEN u.head_id IS NOT NULL AND u.head_id <> c.manager_id THEN u.head_id
                    WHEN %(head)s <> c.manager_id THEN %(head)s ELSE %(director)s END AS chief,
               (c.id * 7919 %% 100)::int AS luck, (c.id / 11 %% %(days)s)::int AS day,
               jsonb_build_object({BEGUN}) AS begun,
               jsonb_build_object({WHOLE})
               || CASE WHEN c.category IN ('A', 'B') THEN jsonb_build_object(
                   'rivals', 'У двух поставщиков: у них короче срок доставки') ELSE '{{}}' END
               || CASE WHEN c.category = 'A' THEN jsonb_build_object(
                   'plans', 'Открыть ещё точку, взять новинки') ELSE '{{}}' END AS rest
        FROM clients_client c
        JOIN accounts_orgunit u ON u.id = c.org_unit_id AND u.path LIKE %(path)s
        LEFT JOIN LATERAL (
            SELECT full_name, inn, kpp, legal_address FROM clients_counterparty
            WHERE client_id = c.id AND is_main AND archived_at IS NULL LIMIT 1
        ) legal ON true
        LEFT JOIN LATERAL (
            SELECT full_name, position, phone FROM clients_contactperson
            WHERE client_id = c.id AND is_decision_maker AND archived_at IS NULL LIMIT 1
        ) who ON true
        WHERE c.status = 'client' AND c.archived_at IS NULL AND c.manager_id IS NOT NULL
    ), stated AS (
        SELECT *, CASE WHEN luck < %(approved)s THEN 'approved' WHEN luck < %(submitted)s
                       THEN 'submitted' WHEN luck < %(returned)s THEN 'returned'
                       WHEN luck < %(begun)s THEN 'in_progress' ELSE 'not_started' END AS state,
               (%(required)s::jsonb ->> category)::int AS required,
               CASE WHEN luck < %(late)s THEN %(deadline)s::date + 2 + luck
                    ELSE %(started)s::date + day END AS handed
        FROM chosen
    ), sheet AS (
        SELECT *, state IN ('approved', 'submitted', 'returned') AS is_whole,
               state IN ('approved', 'returned') AS is_decided,
               (handed + time '14:20') AT TIME ZONE 'Europe/Moscow' AS at
        FROM stated
    )
    INSERT INTO clients_registrationsheet (
        campaign_id, client_id, manager_id, deadline, state, answers, required_count,
        filled_count, completeness_pct, proposed_category, first_submitted_on, submitted_at,
        submitted_by_id, decided_at, decided_by_id, return_reason, updated_at, version
    )
    SELECT %(campaign)s, id, manager_id, %(deadline)s, state,
           CASE WHEN is_whole THEN begun || rest WHEN state = 'in_progress' THEN begun
                ELSE '{{}}' END,
           required,
           CASE WHEN is_whole THEN required WHEN state = 'in_progress' THEN 5 ELSE 0 END,
           CASE WHEN is_whole THEN 100 WHEN state = 'in_progress'
                THEN round(500.0 / required, 2) ELSE 0 END,
           CASE WHEN state = 'not_started' THEN NULL WHEN potential_monthly >= 500000 THEN 'A'
                WHEN potential_monthly >= 100000 THEN 'B' ELSE 'C' END,
           CASE WHEN is_whole THEN handed END,
           CASE WHEN is_whole THEN at END,
           CASE WHEN is_whole THEN manager_id END,
           CASE WHEN is_decided THEN at + interval '20 hours' END,
           CASE WHEN is_decided THEN chief END,
           CASE WHEN state = 'returned' THEN %(back)s ELSE '' END, now(),
           CASE WHEN is_decided THEN 4 WHEN is_whole THEN 3 WHEN state = 'in_progress' THEN 2
                ELSE 1 END
    FROM sheet
"""  # noqa: S608


def add_registration(staff: Staff, today: date) -> None:
    """The campaigns of every department, of last year and of this one."""
    questions = frozen(RegistrationQuestion.objects.filter(archived_at=None))
    last = date(today.year - 1, 10, 1)
    for unit in OrgUnit.objects.filter(kind="department", head__isnull=False).select_related(
        "head"
    ):
        old = _campaign(unit, questions, last, last + timedelta(days=60), year=last.year)
        _sheets(old, unit, staff, CLOSED, late=LATE, days=55)
        old.state, old.closed_on = "closed", old.deadline + timedelta(days=15)
        old.save(update_fields=["state", "closed_on"])
        begun = today - timedelta(days=BEGUN_AGO)
        end = next_working_day(today + timedelta(days=LEFT_DAYS))
        _sheets(
            _campaign(unit, questions, begun, end, year=today.year),
            unit,
            staff,
            RUNNING,
            late=0,
            days=BEGUN_AGO - 3,
        )


def _campaign(
    unit: OrgUnit, questions: list[Any], begun: date, end: date, *, year: int
) -> RegistrationCampaign:
    assert unit.head is not None
    made: RegistrationCampaign = RegistrationCampaign.objects.create(
        year=year,
        org_unit=unit,
        deadline=end,
        state="running",
        started_on=begun,
        questions=questions,
        author=unit.head,
        version=2,
    )
    return made


def _sheets(
    campaign: RegistrationCampaign,
    unit: OrgUnit,
    staff: Staff,
    shares: tuple[int, int, int, int],
    *,
    late: int,
    days: int,
) -> None:
    director: User = staff.by_login["director"]
    kept = campaign.questions
    required = {
        letter: sum(one.required for one in questions_of(kept, letter or None))
        for letter in ("A", "B", "C", "")
    }
    facts = dict(zip(("approved", "submitted", "returned", "begun"), shares, strict=True))
    assert campaign.started_on is not None
    with connection.cursor() as cursor:
        cursor.execute(
            SHEETS,
            facts
            | {
                "campaign": campaign.pk,
                "path": f"{unit.path}%",
                "head": unit.head_id,
                "director": director.pk,
                "required": json.dumps(required),
                "deadline": campaign.deadline,
                "started": campaign.started_on,
                "day": campaign.started_on,
                "days": days,
                "late": late,
                "back": BACK,
            },
        )
