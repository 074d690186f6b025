"""Sheets of pay that the matrix asks for."""

from datetime import date

from tests.factories import incentives


def paid(cast):
    """An approved sheet of the manager, a draft with a reward, a transfer to payroll."""
    sheet = incentives.approved(cast.manager, cast.department_head, cast.director)
    draft = incentives.sheet(cast.manager, superior=cast.sector_head, month=date(2026, 9, 1))
    line = incentives.reward(draft, cast.department_head, grounds="CANARY основание")
    return {
        "incentive_sheet": sheet.pk,
        "incentive_draft": draft.pk,
        "incentive_line": line.pk,
        "payroll_transfer": incentives.transfer(cast.accountant).pk,
    }
