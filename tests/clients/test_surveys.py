"""Surveys: who is asked, one answer by a personal link, figures, what a bad mark leads to."""

import re
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.test import Client as Browser
from django.utils import timezone

from clients.actions import consents, survey_answers
from clients.actions import surveys as actions
from clients.actions.survey_answers import Given
from clients.contacting.next_step import Moment, find_reasons
from clients.models import (
    SURVEY_MOVES,
    Client,
    PersonalDataConsent,
    Survey,
    SurveyInvitation,
    SurveyResponse,
    SurveyState,
)
from clients.pages.surveys import SurveyPage
from clients.surveys.survey_figures import nps_figures, score_figures
from crm.errors import RuleViolation, StaleVersion
from crm.links.doors import NoSuchLink
from crm.notices.actions import deliver_notices
from crm.notices.models import Notice
from crm.scrubbing import scrub
from crm.states import move
from crm.work.actions import change_setting
from tests.cast import signed_in
from tests.factories import clients, surveys
from tests.factories.act_links import limit
from tests.kernel.shared_files import shared_example

D = Decimal


@pytest.fixture
def client(cast):
    return clients.client(cast.manager, category="B", name="ООО «Василёк»")


@pytest.fixture
def asked(client, cast):
    """The invitation of the one person who has agreed."""
    surveys.agreed(client)
    surveys.running(cast.department_head)
    return SurveyInvitation.objects.get()


def test_the_worked_example():
    scores = score_figures([5, 4, None, 3, 5, 1, 4])
    assert (scores.asked, scores.answered) == (7, 6)
    assert (scores.response_pct, scores.average, scores.csat_pct) == (
        D("85.71"), D("3.67"), D("66.67"),
    )  # fmt: skip
    assert nps_figures([10, 9, 8, 7, 6, 0, 10, 3]).nps == D("0.00")
    assert nps_figures([]).nps is None
    assert score_figures([None]).average is None


def test_the_example_of_the_domain():
    found = shared_example("SURVEY-1")
    figures = score_figures(found["input"]["scores"])
    got = {name: str(getattr(figures, name)) for name in ("response_pct", "average", "csat_pct")}
    got |= {"answered": figures.answered, "nps": str(nps_figures(found["input"]["nps"]).nps)}
    assert got == found["expected"]


def test_only_those_who_have_agreed_are_asked_and_once_in_a_while(client, cast):
    willing = surveys.agreed(client)
    clients.person(client, email="silent@client.example")
    surveys.agreed(client, email="")
    surveys.agreed(clients.client(cast.manager, category="C"), email="small@client.example")
    surveys.agreed(clients.client(cast.stranger), by=cast.stranger, email="foreign@x.example")
    survey = surveys.draft(cast.department_head, categories=("B",))
    found = actions.audience(survey, by=cast.department_head, now=timezone.now())
    assert (found.people, found.without_consent, found.asked_lately) == ([willing], 1, 0)
    actions.start_survey(survey.pk, by=cast.department_head, version=1, now=timezone.now())
    deliver_notices()
    (letter,) = [one for one in mail.outbox if "/feedback/" in one.body]
    assert letter.to == ["anna@client.example"]
    again = surveys.draft(cast.department_head, categories=("B",))
    found = actions.audience(again, by=cast.department_head, now=timezone.now())
    assert (found.people, found.asked_lately) == ([], 1)
    with pytest.raises(RuleViolation):
        actions.start_survey(again.pk, by=cast.department_head, version=1, now=timezone.now())
    assert Survey.objects.get(pk=again.pk).state == "draft"


def test_who_agrees_later_is_asked_by_the_running_survey(asked, client, cast):
    later = surveys.agreed(client, email="later@client.example")
    survey = asked.survey
    values = {"by": cast.department_head, "version": survey.version, "now": timezone.now()}
    assert actions.ask_more(survey.pk, **values) == 1
    assert SurveyInvitation.objects.filter(person=later).count() == 1
    with pytest.raises(RuleViolation):
        actions.ask_more(survey.pk, **values | {"version": survey.version + 1})


def test_a_person_answers_once_by_the_link_and_the_manager_is_told_of_bad_marks(
    asked, client, cast
):
    token = surveys.from_letter()
    browser = Browser()
    page = browser.get(f"/feedback/{token}/")
    assert page.headers["Cache-Control"] == "no-store, private"
    assert "Как вам с нами работается?" in page.content.decode()
    assert not re.findall(r'href="/(?!static/)', page.content.decode()), "no way in"
    empty = browser.post(f"/feedback/{token}/answer/", {})
    assert empty.status_code == 422
    wrong = browser.post(f"/feedback/{token}/answer/", {"q1": "9", "q3": ["evil"]})
    assert wrong.status_code == 422
    data = {"q1": "2", "q2": "9", "q3": ["price", "delivery"], "q4": "<b>Дорого</b>"}
    sent = browser.post(f"/feedback/{token}/answer/", data)
    assert sent.status_code == 302
    response = SurveyResponse.objects.get()
    assert (response.worst_score, response.nps, response.is_low) == (2, 9, True)
    assert response.reasons == ["delivery", "price"]
    assert browser.post(f"/feedback/{token}/answer/", data).status_code == 409
    assert SurveyResponse.objects.count() == 1
    notice = Notice.objects.get(user=cast.manager, kind="survey.low", channel="ui")
    assert notice.params["client"] == client.name
    shown = signed_in(cast.manager).get(asked.survey.get_absolute_url()).content.decode()
    assert "&lt;b&gt;Дорого&lt;/b&gt;" in shown
    assert Notice.objects.get(dedupe_key=f"survey:{asked.pk}").params == {"invitation": asked.pk}


def test_who_has_not_answered_is_reminded_once_and_both_links_work(asked):
    first, sent = surveys.from_letter(), timezone.now()
    assert actions.remind_silent(now=sent + timedelta(days=4)) == 0
    assert actions.remind_silent(now=sent + timedelta(days=5)) == 1
    assert actions.remind_silent(now=sent + timedelta(days=6)) == 0
    second = surveys.from_letter()
    assert len(mail.outbox) == 2
    assert second != first
    for token in (second, first):
        assert Browser().get(f"/feedback/{token}/").status_code == 200
    answered = Browser().post(f"/feedback/{second}/answer/", {"q1": "5"})
    assert answered.status_code == 302
    assert Browser().post(f"/feedback/{first}/answer/", {"q1": "5"}).status_code == 409


def close(asked, cast, token):
    survey = Survey.objects.get()
    actions.close_survey(survey.pk, by=cast.department_head, version=survey.version)


def withdraw(asked, cast, token):
    consents.withdraw_consent(asked.person_id, by=cast.manager, now=timezone.now())


def answer_all(asked, cast, token):
    surveys.answer(asked, by_token=token, score=5)


def switch_off(asked, cast, token):
    change_setting("surveys.remind_days", value=0, by=cast.admin)


@pytest.mark.parametrize("end", [close, withdraw, answer_all, switch_off])
def test_nobody_else_is_reminded(asked, cast, end):
    token, later = surveys.from_letter(), timezone.now() + timedelta(days=5)
    with transaction.atomic():
        end(asked, cast, token)
        assert actions.remind_silent(now=later) == 0
        transaction.set_rollback(True)
    if end is not switch_off:  # what waits in the outbox is looked at again as it goes
        assert actions.remind_silent(now=later) == 1
        end(asked, cast, token)
        deliver_notices()
        assert len(mail.outbox) == 1


def end_by_day(asked, cast):
    SurveyInvitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))


def end_by_closing(asked, cast):
    survey = Survey.objects.get()
    actions.close_survey(survey.pk, by=cast.department_head, version=survey.version)


def end_by_the_clock(asked, cast):
    assert actions.close_surveys(today=asked.survey.ends_on) == 0
    assert actions.close_surveys(today=asked.survey.ends_on + timedelta(days=1)) == 1


def end_by_withdrawing(asked, cast):
    consents.withdraw_consent(asked.person_id, by=cast.manager, now=timezone.now())


@pytest.mark.parametrize("end", [end_by_day, end_by_closing, end_by_the_clock, end_by_withdrawing])
def test_whatever_ended_it_the_link_answers_as_one_that_never_was(asked, cast, end):
    token = surveys.token(asked)
    end(asked, cast)
    forged = Browser().get(f"/feedback/{'A' * 43}/")
    got = Browser().get(f"/feedback/{token}/")
    assert (got.status_code, got.content) == (404, forged.content)
    assert Browser().post(f"/feedback/{token}/answer/", {"q1": "5"}).status_code == 404
    with pytest.raises(NoSuchLink):
        surveys.answer(asked, by_token=token, score=5)
    deliver_notices()
    assert not [one for one in mail.outbox if "/feedback/" in one.body], "no letter to nowhere"


def test_the_person_stops_the_letters_by_the_same_page(asked, cast, client):
    token = surveys.token(asked)
    assert Browser().post(f"/feedback/{token}/stop/").status_code == 200
    consent = PersonalDataConsent.objects.get()
    assert consent.withdrawn_at is not None
    assert consent.withdrawn_by is None
    assert Browser().get(f"/feedback/{token}/").status_code == 404
    again = surveys.draft(cast.department_head)
    found = actions.audience(again, by=cast.department_head, now=timezone.now())
    assert (found.people, found.without_consent) == ([], 1)


def test_forms_of_other_sites_and_too_many_requests_are_refused(asked):
    token = surveys.token(asked)
    strict = Browser(enforce_csrf_checks=True)
    assert strict.post(f"/feedback/{token}/answer/", {"q1": "5"}).status_code == 403
    assert strict.post(f"/feedback/{token}/stop/").status_code == 403
    large = Browser().post(f"/feedback/{token}/answer/", {"q4": "x" * 200_000})
    assert large.status_code == 413
    limit("requests", 8)
    statuses = [Browser().get(f"/feedback/{token}/").status_code for _time in range(8)]
    assert statuses.count(429) == 3
    assert not SurveyResponse.objects.exists()
    assert token not in scrub(f"GET /feedback/{token}/")


def test_results_count_what_the_person_sees(cast, client):
    other = clients.client(cast.manager2, category="B", name="ООО «Другой»")
    for place, of in enumerate((client, client, other, other)):
        surveys.agreed(of, email=f"p{place}@client.example")
    survey = surveys.running(cast.department_head)
    marks = {"p0": (5, 10), "p1": (1, 0), "p2": (4, 9)}
    for invitation in SurveyInvitation.objects.all():
        given = marks.get(invitation.sent_to[:2])
        if given:
            reasons = ["price"] if given[0] < 3 else []
            surveys.answer(invitation, score=given[0], nps=given[1], reasons=reasons)
    whole = SurveyPage(survey, cast.department_head, timezone.now())
    assert (len(whole.invitations), len(whole.responses)) == (4, 3)
    assert (whole.response_pct, whole.scores.average, whole.scores.csat_pct) == (
        D("75.00"), D("3.33"), D("66.67"),
    )  # fmt: skip
    assert whole.nps.nps == D("33.33")
    assert [(share.count, share.percent) for share in whole.reasons] == [(1, D("33.33"))]
    assert [(line.manager, line.asked, line.answered) for line in whole.managers] == sorted(
        [(cast.manager, 2, 2), (cast.manager2, 2, 1)], key=lambda line: str(line[0])
    )
    own = SurveyPage(survey, cast.manager2, timezone.now())
    assert (len(own.invitations), own.scores.average, own.low) == (2, D("4.00"), 0)
    strange = SurveyPage(survey, cast.stranger, timezone.now())
    assert (strange.invitations, strange.responses) == ([], [])


def test_a_dissatisfied_client_comes_to_my_day_until_somebody_deals_with_it(cast, client):
    response = surveys.answered(client, cast.department_head)

    def codes():
        moment = Moment.of(timezone.now() + timedelta(minutes=1))
        (found,) = find_reasons(Client.objects.filter(pk=client.pk), moment)
        return {one.rule.code: one for one in found.reasons}

    reason = codes()["dissatisfied"]
    assert reason.link == response.invitation.survey.get_absolute_url()
    values = {"version": 1, "measures": "Дали скидку", "now": timezone.now()}
    with pytest.raises(SurveyResponse.DoesNotExist):
        survey_answers.handle_response(response.pk, by=cast.manager2, **values)
    with pytest.raises(PermissionDenied):
        survey_answers.handle_response(response.pk, by=cast.lawyer, **values)
    survey_answers.handle_response(response.pk, by=cast.manager, **values)
    with pytest.raises(StaleVersion):
        survey_answers.handle_response(response.pk, by=cast.manager, **values)
    assert "dissatisfied" not in codes()


def test_a_survey_is_drawn_up_once_and_changed_only_as_a_draft(cast, client):
    values = actions.SurveyValues("Опрос", timezone.localdate(), surveys.QUESTIONS)
    key, today = uuid4(), timezone.localdate()
    one = actions.create_survey(values, by=cast.sector_head, key=key, today=today)
    assert actions.create_survey(values, by=cast.sector_head, key=key, today=today) == one
    with pytest.raises(PermissionDenied):
        actions.create_survey(values, by=cast.manager, key=uuid4(), today=today)
    with pytest.raises(PermissionDenied):
        actions.edit_survey(one.pk, values, by=cast.department_head, version=1, today=today)
    shorter = actions.SurveyValues("Опрос 2", today, surveys.QUESTIONS[2:])
    kept = list(one.questions.values_list("pk", flat=True))[2:]
    actions.edit_survey(one.pk, shorter, by=cast.sector_head, version=1, today=today)
    assert list(one.questions.values_list("pk", "position")) == [(kept[0], 1), (kept[1], 2)]
    history = signed_in(cast.sector_head).get(f"/clients/surveys/{one.pk}/history/")
    assert "Опрос 2" in history.content.decode()
    surveys.agreed(client)
    actions.start_survey(one.pk, by=cast.sector_head, version=2, now=timezone.now())
    with pytest.raises(PermissionDenied):
        actions.edit_survey(one.pk, values, by=cast.sector_head, version=3, today=today)
    one.refresh_from_db()
    for target in set(SurveyState) - SURVEY_MOVES[one.state]:
        with pytest.raises(RuleViolation):
            move(one, SURVEY_MOVES, target)


def test_the_database_refuses_a_second_answer_and_a_second_consent(asked, cast):
    token = surveys.token(asked)
    made = surveys.answer(asked, by_token=token, score=5)
    with pytest.raises(StaleVersion):
        surveys.answer(asked, by_token=token, score=1)
    values = {"client": asked.client, "answered_at": timezone.now(), "is_low": False}
    with pytest.raises(IntegrityError), transaction.atomic():
        SurveyResponse.objects.create(invitation=asked, **values)
    with pytest.raises(IntegrityError, match="survey_score_1_to_5"), transaction.atomic():
        SurveyResponse.objects.filter(pk=made.pk).update(worst_score=6)
    with pytest.raises(RuleViolation):
        consents.give_consent(
            asked.person_id, by=cast.manager, given_on=timezone.localdate(), channel="paper",
            text_version="", today=timezone.localdate(),
        )  # fmt: skip


def test_the_form_takes_whole_questions_only(cast):
    page = signed_in(cast.department_head)
    data = {
        "title": "Опрос", "ends_on": timezone.localdate().isoformat(), "kind_0": "score",
        "question_0": "Как дела?", "kind_3": "nps",
    }  # fmt: skip
    assert page.post("/clients/surveys/new/", data).status_code == 422
    saved = page.post("/clients/surveys/new/", data | {"question_3": "Посоветуете?"})
    survey = Survey.objects.get()
    assert saved.headers["Location"] == survey.get_absolute_url()
    assert [one.kind for one in survey.questions.all()] == ["score", "nps"]
    assert page.get(survey.get_absolute_url()).status_code == 200


def test_chosen_clients_are_asked_instead_of_the_audience(cast, client):
    other = clients.client(cast.manager, category="B")
    surveys.agreed(client)
    chosen = surveys.agreed(other, email="other@client.example")
    survey = surveys.draft(cast.department_head)
    head = signed_in(cast.department_head)
    pick = head.get(f"/clients/surveys/pick/?ids={other.pk}", headers={"HX-Request": "true"})
    assert f"/clients/surveys/{survey.pk}/start/?ids={other.pk}" in pick.content.decode()
    url = f"/clients/surveys/{survey.pk}/start/"
    form = head.get(f"{url}?ids={other.pk}").content.decode()
    assert f'name="ids" value="{other.pk}"' in form
    sent = head.post(url, {"version": 1, "ids": [other.pk]}, headers={"HX-Request": "true"})
    assert sent.status_code == 204
    assert [one.person for one in SurveyInvitation.objects.all()] == [chosen]


def test_an_answer_to_a_question_of_another_survey_is_left_out(asked):
    token = surveys.token(asked)
    visitor = survey_answers.Visitor(None, timezone.now())
    with pytest.raises(RuleViolation):
        survey_answers.answer_survey(token, {999_999: Given(score=5)}, visitor=visitor)
