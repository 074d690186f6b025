"""Internal reports that every installation starts with; directors edit them."""

from crm.accounts.models import Role
from crm.history import verb
from reports.models import ReportDefinition

# Code, title in both languages, rule, day, who, to whom, report of the product.
FIRST = (
    (
        "department_month",
        "Отчёт отдела за месяц",
        "Report of the department for the month",
        "working_day",
        3,
        Role.DEPARTMENT_HEAD,
        Role.DIRECTOR,
        "",
    ),
    (
        "sector_month",
        "Отчёт сектора за месяц",
        "Report of the sector for the month",
        "working_day",
        2,
        Role.SECTOR_HEAD,
        Role.DEPARTMENT_HEAD,
        "work_execution",
    ),
    (
        "debts_month",
        "Отчёт о дебиторской задолженности",
        "Report on receivables",
        "working_day",
        3,
        Role.ACCOUNTANT,
        Role.DIRECTOR,
        "ageing",
    ),
)


def seed_definitions() -> int:
    """Add the reports of the catalogue that are missing by their codes."""
    known = set(ReportDefinition.objects.values_list("code", flat=True))
    rows = [
        ReportDefinition(
            code=code,
            title=title,
            title_en=title_en,
            due_rule=rule,
            due_number=number,
            author_role=author,
            recipient_role=recipient,
            report_name=name,
        )
        for code, title, title_en, rule, number, author, recipient, name in FIRST
        if code not in known
    ]
    with verb("report.seeded", by=None):
        ReportDefinition.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)
