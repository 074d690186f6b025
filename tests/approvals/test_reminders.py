"""Who hears of what: turns, outcomes, and one reminder per late step and day."""

from datetime import date

import pytest

from crm.approvals import actions
from crm.notices import kinds
from crm.notices.models import Notice
from tests.approvals import toy
from tests.approvals.toy import decide, submit
from tests.factories import accounts
from tests.factories.categories import TODAY

LATE = date(2026, 11, 26)  # the term of two working days ended the day before


def told(kind):
    """Who has a notice of the kind under the bell."""
    notices = Notice.objects.filter(kind=f"{toy.KIND}.{kind}", channel="ui")
    return sorted(notices.values_list("user__username", flat=True))


def test_the_signer_and_the_substitute_hear_that_it_is_their_turn(cast, toys):
    accounts.delegation(cast.sector_head, cast.manager2, first=TODAY, last=TODAY)
    accounts.delegation(cast.director, cast.lawyer, first=TODAY, last=TODAY)
    approval = submit(cast, cast.manager)
    assert told("waiting") == ["manager2", "sector_head"]
    decide(approval, cast.sector_head)
    assert told("waiting") == ["department_head", "manager2", "sector_head"]
    assert told("endorsed") == ["manager"]


def test_the_author_standing_in_for_the_signer_hears_nothing(cast, toys):
    accounts.delegation(cast.sector_head, cast.manager, first=TODAY, last=TODAY)
    submit(cast, cast.manager)
    assert told("waiting") == ["sector_head"]


def test_every_sentence_names_the_request(cast, toys):
    approval = submit(cast, cast.manager)
    decide(approval, cast.sector_head, "return", comment="Уточните")
    for notice in Notice.objects.filter(kind__startswith=toy.KIND):
        text = kinds.render(notice.kind, notice.params)
        assert "Переименовать" in text
        assert "%(" not in text
        assert notice.url == approval.get_absolute_url()


def test_one_reminder_per_late_step_and_day(cast, toys):
    submit(cast, cast.manager)
    assert actions.remind_overdue(today=date(2026, 11, 25)) == 0
    assert actions.remind_overdue(today=LATE) == 2  # bell and e-mail
    assert actions.remind_overdue(today=LATE) == 0
    assert told("overdue") == ["sector_head"]
    assert actions.remind_overdue(today=date(2026, 11, 27)) == 2
    assert actions.remind_overdue(today=date(2026, 11, 28)) == 0  # a Saturday


def test_who_stands_in_on_the_day_is_reminded_too(cast, toys):
    submit(cast, cast.manager)
    accounts.delegation(cast.sector_head, cast.manager2, first=LATE, last=LATE)
    actions.remind_overdue(today=LATE)
    assert told("overdue") == ["manager2", "sector_head"]


@pytest.mark.parametrize("end", ["approve", "withdraw"])
def test_decided_requests_are_not_late(cast, toys, end):
    toy.route(cast, toy.DIRECTOR)
    approval = submit(cast, cast.manager)
    if end == "approve":
        decide(approval, cast.director)
    else:
        actions.withdraw(approval.pk, by=cast.manager, today=TODAY)
    assert actions.remind_overdue(today=LATE) == 0


def test_the_author_hears_when_nobody_can_decide(cast, toys):
    submit(cast, cast.manager)
    type(cast.sector).objects.filter(pk=cast.sector.pk).update(head=None)
    actions.remind_overdue(today=LATE)
    assert told("stuck") == ["manager"]


def test_the_reminder_runs_every_morning():
    from crm.work import periodic

    job = next(job for job in periodic.jobs() if job.kind == "remind_overdue_approvals")
    assert job.run is actions.remind_overdue
