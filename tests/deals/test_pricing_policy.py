"""The pricing policy: one draft at a time, published by the director, compared by lines."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from crm.errors import RuleViolation, StaleVersion
from deals.actions.pricing_policy import PolicyText, discard_policy, publish_policy, write_policy
from deals.models import PRICING_POLICY_MOVES, PricingPolicy, PricingPolicyState
from deals.pages.pricing_policy import Piece, compare
from tests.cast import signed_in
from tests.factories import deals, producers

DAY = timedelta(days=1)


def today():
    return timezone.localdate()


def written(by, *, version=0, since=None, text="Цены с НДС."):
    return write_policy(by=by, version=version, values=PolicyText(text, since or today()))


def test_the_version_of_the_latest_first_day_holds_and_each_has_its_number(cast):
    first = producers.policy(cast, since=today() - 30 * DAY)
    second = producers.policy(cast, since=today())
    third = producers.policy(cast, since=today() + 5 * DAY)
    assert [row.number for row in (first, second, third)] == [1, 2, 3]
    days = {-31: None, -30: first, -1: first, 0: second, 4: second, 5: third}
    assert {n: PricingPolicy.objects.in_force(today() + n * DAY) for n in days} == days


def test_only_heads_write_only_the_director_publishes_others_see_what_is_published(cast):
    for person in (cast.manager, cast.sector_head, cast.purchasing, cast.lawyer):
        with pytest.raises(PermissionDenied):
            written(person)
    draft = written(cast.department_head)
    with pytest.raises(PermissionDenied):
        publish_policy(draft.pk, by=cast.department_head, version=1, today=today())
    with pytest.raises(PermissionDenied):
        discard_policy(draft.pk, by=cast.manager, version=1)
    seen = {
        name: PricingPolicy.objects.visible_to(getattr(cast, name)).exists()
        for name in ("department_head", "director", "manager", "purchasing", "logistics")
    }
    assert seen == dict.fromkeys(seen, False) | {"department_head": True, "director": True}
    publish_policy(draft.pk, by=cast.director, version=1, today=today())
    assert PricingPolicy.objects.visible_to(cast.manager).exists()
    assert PricingPolicy.objects.visible_to(cast.purchasing).exists()
    assert not PricingPolicy.objects.visible_to(cast.logistics).exists()


def test_there_is_one_draft_which_the_second_writer_does_not_overwrite(cast):
    draft = written(cast.department_head)
    for version in (0, 2):
        with pytest.raises(StaleVersion):
            written(cast.director, version=version)
    again = written(cast.director, version=1, text="Иначе")
    assert (again.pk, again.author, again.version) == (draft.pk, cast.director, 2)
    with pytest.raises(StaleVersion):
        publish_policy(draft.pk, by=cast.director, version=1, today=today())
    discard_policy(draft.pk, by=cast.department_head, version=2)
    assert written(cast.director).pk != draft.pk


def test_a_past_day_and_one_not_after_the_last_version_are_refused(cast):
    past = written(cast.director, since=today() - DAY)
    with pytest.raises(RuleViolation, match="прош"):
        publish_policy(past.pk, by=cast.director, version=1, today=today())
    discard_policy(past.pk, by=cast.director, version=1)
    producers.policy(cast, since=today() + 3 * DAY)
    for days in (0, 3):
        draft = written(cast.director, since=today() + days * DAY)
        with pytest.raises(RuleViolation, match="опубликована"):
            publish_policy(draft.pk, by=cast.director, version=1, today=today())
        discard_policy(draft.pk, by=cast.director, version=1)


def test_what_is_published_or_thrown_away_is_not_moved_any_more(cast):
    assert set(PRICING_POLICY_MOVES) == set(PricingPolicyState.values)
    published = producers.policy(cast)
    gone = written(cast.director, since=today() + DAY)
    discard_policy(gone.pk, by=cast.director, version=1)
    for row in (published, gone):
        with pytest.raises(RuleViolation):
            publish_policy(row.pk, by=cast.director, version=2, today=today())
        with pytest.raises(RuleViolation):
            discard_policy(row.pk, by=cast.director, version=2)


@pytest.mark.parametrize(
    ("wrong", "name"),
    [
        ({"text": ""}, "pricing_policy_has_text"),
        ({"number": None}, "pricing_policy_published_has_approver"),
        ({"state": "discarded"}, "pricing_policy_published_has_approver"),
    ],
)
def test_the_database_knows_what_a_published_version_has(cast, wrong, name):
    producers.policy(cast)
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        PricingPolicy.objects.update(**wrong)


def test_the_database_knows_one_draft_and_one_version_of_a_day(cast):
    made, draft = producers.policy(cast), written(cast.director, since=today() + DAY)
    for row, more, name in (
        (draft, {}, "pricing_policy_one_draft"),
        (made, {"number": 2}, "pricing_policy_one_from_a_day"),
    ):
        for field, value in {"pk": None, **more}.items():
            setattr(row, field, value)
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            row.save()


def test_versions_are_compared_by_lines():
    assert compare("1\nстарое\n3", "1\nновое\n3\n4") == [
        Piece("same", ["1"]),
        Piece("gone", ["старое"]),
        Piece("added", ["новое"]),
        Piece("same", ["3"]),
        Piece("added", ["4"]),
    ]


def test_the_page_shows_the_text_its_differences_and_what_carries_it_out(cast):
    tea = deals.product()
    prices = deals.price_list(cast.director, {tea: "100.00"}, approved_by=cast.director)
    producers.agreement(cast.purchasing, {tea: {"lowest_price": "90"}}, valid_to=today() + DAY)
    producers.policy(cast, "Общее\nСрок 7 дней", since=today() - DAY)
    made = producers.policy(cast, "Общее\nСрок 14 дней")
    url = reverse("deals:pricing_policy")
    page = signed_in(cast.director).get(url).content.decode()
    for text in ("Версия 2", prices.get_absolute_url(), reverse("approvals:limit_list")):
        assert text in page
    compared = signed_in(cast.manager).get(f"{made.get_absolute_url()}?compare=").content.decode()
    assert "<del>Срок 7 дней</del>" in compared
    assert "<ins>Срок 14 дней</ins>" in compared
    keeper = signed_in(cast.purchasing).get(url).content.decode()
    assert prices.get_absolute_url() not in keeper
    assert "заканчиваются в течение месяца: 1" in keeper


def test_a_draft_is_written_from_the_text_in_force_and_published_by_a_button(cast):
    producers.policy(cast, "Общее", since=today() - DAY)
    client, url = signed_in(cast.director), reverse("deals:pricing_policy_write")
    form = client.get(url).context["form"]
    assert form["text"].value() == "Общее"
    typed = {"text": "Новое", "valid_from": f"{today():%d.%m.%Y}"}
    assert client.post(url, typed | {"version": ""}).status_code == 302
    draft = PricingPolicy.objects.drafts().get()
    assert client.post(url, typed | {"version": ""}).status_code == 409
    pressed = reverse("deals:pricing_policy_publish", args=[draft.pk])
    assert client.post(pressed, {"version": draft.version}).status_code == 302
    assert PricingPolicy.objects.in_force(today()) == draft
