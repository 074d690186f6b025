"""Price lists: who prepares and approves them, what holds on a day, pasting prices."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import translation

from crm.errors import RuleViolation, StaleVersion
from deals.actions import prices as actions
from deals.actions.prices import Price
from deals.forms.prices import PricesForm
from deals.models import PRICE_LIST_MOVES, PriceList, PriceListLine
from tests.cast import signed_in
from tests.factories import deals

D = Decimal
JANUARY, JULY = date(2026, 1, 1), date(2026, 7, 1)


@pytest.fixture
def january(cast, tea):
    """The base prices since January, approved."""
    return deals.price_list(cast.department_head, {tea: "100.00"}, approved_by=cast.director)


def price_on(product, day, kind="base"):
    return PriceListLine.objects.by_product([product.pk], kind, day).get(product.pk)


def test_the_price_is_that_of_the_list_of_the_kind_and_the_day(cast, tea, january):
    deals.price_list(cast.director, {tea: "120.00"}, approved_by=cast.director, since=JULY)
    deals.price_list(cast.director, {tea: "90.00"}, approved_by=cast.director, kind="wholesale")
    assert price_on(tea, JULY - timedelta(days=1)).price == D("100.00")
    assert price_on(tea, JULY).price == D("120.00")
    assert price_on(tea, JULY, "wholesale").price == D("90.00")
    assert price_on(tea, JULY, "chain") is None
    assert price_on(tea, JANUARY - timedelta(days=1)) is None


def test_an_approved_list_ends_the_one_before_it_on_its_first_day(cast, tea, january):
    deals.price_list(cast.director, {tea: "120.00"}, approved_by=cast.director, since=JULY)
    january.refresh_from_db()
    assert (january.valid_to, january.last_day) == (JULY, JULY - timedelta(days=1))


def test_a_draft_is_no_price_yet(cast, tea):
    deals.price_list(cast.department_head, {tea: "100.00"})
    assert price_on(tea, JULY) is None


def test_two_approved_lists_of_a_kind_never_hold_on_one_day(cast, tea, january):
    for since in (JANUARY, JANUARY - timedelta(days=30)):
        with pytest.raises(RuleViolation):
            deals.price_list(cast.director, {tea: "9"}, approved_by=cast.director, since=since)
    draft = deals.price_list(cast.director, {tea: "9"}, since=JULY)
    with pytest.raises(IntegrityError, match="price_list_one_a_day"), transaction.atomic():
        PriceList.objects.filter(pk=draft.pk).update(
            state="approved", approved_by=cast.director, approved_at="2026-06-01T00:00Z"
        )


def test_the_department_head_prepares_and_the_director_approves(cast, tea):
    draft = deals.price_list(cast.department_head, {tea: "100.00"})
    with pytest.raises(PermissionDenied):
        actions.approve_price_list(draft.pk, by=cast.department_head, version=1)
    with pytest.raises(PermissionDenied):
        actions.create_price_list(
            by=cast.manager, key=uuid4(), kind="base", name="x", valid_from=JULY
        )
    done = actions.approve_price_list(draft.pk, by=cast.director, version=1)
    assert (done.state, done.approved_by) == ("approved", cast.director)


def test_an_empty_list_is_not_approved(cast):
    made = actions.create_price_list(
        by=cast.director, key=uuid4(), kind="base", name="Пустой", valid_from=JULY
    )
    with pytest.raises(RuleViolation):
        actions.approve_price_list(made.pk, by=cast.director, version=1)


def test_prices_of_an_approved_list_are_never_touched(cast, tea, january):
    rows = [Price(tea.pk, D(1), D(1))]
    with pytest.raises(RuleViolation):
        actions.set_prices(january.pk, by=cast.director, version=january.version, prices=rows)
    line = january.lines.get()
    for write in (
        lambda: PriceListLine.objects.filter(pk=line.pk).update(price=1),
        lambda: PriceListLine.objects.filter(pk=line.pk).delete(),
    ):
        with pytest.raises(IntegrityError, match="not edited"), transaction.atomic():
            write()


def test_a_new_list_begins_with_the_prices_in_force_changed_by_a_percentage(cast, tea, january):
    gone = deals.product(archived_at="2026-02-01T00:00Z")
    assert gone.archived_at
    key = uuid4()
    values = {"kind": "base", "name": "Июль", "valid_from": JULY, "copied": True}
    made = actions.create_price_list(
        by=cast.department_head, key=key, change_percent=D("5.5"), **values
    )
    line = made.lines.get()
    assert (line.price, line.min_price) == (D("105.50"), D("84.40"))
    again = actions.create_price_list(by=cast.department_head, key=key, **values)
    assert again == made


def test_pasting_replaces_a_price_and_a_stale_page_changes_nothing(cast, tea):
    draft = deals.price_list(cast.department_head, {tea: "100.00"})
    rows = [Price(tea.pk, D("110"), D("90"))]
    actions.set_prices(draft.pk, by=cast.department_head, version=1, prices=rows)
    assert draft.lines.get().price == D("110.00")
    with pytest.raises(StaleVersion):
        actions.set_prices(draft.pk, by=cast.department_head, version=1, prices=rows)
    actions.drop_price(draft.pk, by=cast.department_head, version=2, product_id=tea.pk)
    assert not draft.lines.exists()


FORBIDDEN = [
    (state, wanted)
    for state, allowed in PRICE_LIST_MOVES.items()
    for wanted in ("approved", "discarded")
    if wanted not in allowed
]


@pytest.mark.parametrize(("state", "wanted"), FORBIDDEN)
def test_every_forbidden_move_of_a_list_is_refused(cast, tea, state, wanted):
    moves = {"approved": actions.approve_price_list, "discarded": actions.discard_price_list}
    made = deals.price_list(cast.director, {tea: "100.00"})
    moves[state](made.pk, by=cast.director, version=1)
    with pytest.raises(RuleViolation):
        moves[wanted](made.pk, by=cast.director, version=2)


@pytest.mark.parametrize(
    ("typed", "price", "lowest"),
    [
        ("ЧАЙ-01\t1 234,50\t1000", "1234.50", "1000.00"),
        ("ЧАЙ-01; 99.90", "99.90", "99.90"),
        ("Артикул\tЦена\nЧАЙ-01\t5", "5.00", "5.00"),
        ("ЧАЙ-01\t5\n\nЧАЙ-01\t6\t", "6.00", "6.00"),
    ],
)
def test_rows_of_a_sheet_are_read(tea, typed, price, lowest):
    form = PricesForm({"version": "1", "prices": typed})
    assert form.is_valid(), form.errors
    assert form.cleaned_data["prices"] == [Price(tea.pk, D(price), D(lowest))]


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("НЕТ-1\t5", "НЕТ-1"),
        ("ЧАЙ-01", "missing"),
        ("ЧАЙ-01\t0", "more than 0"),
        ("ЧАЙ-01\t5\t6", "above the price"),
        ("ЧАЙ-01\t5\nЧАЙ-01\t1e5", "Row 2"),
    ],
)
def test_a_wrong_row_is_named_and_nothing_is_taken(tea, typed, says):
    with translation.override("en"):
        form = PricesForm({"version": "1", "prices": typed})
        assert not form.is_valid()
        assert says in str(form.errors)


def test_the_pages_prepare_fill_approve_and_end_a_list(cast, tea):
    head, director = signed_in(cast.department_head), signed_in(cast.director)
    answer = head.post(
        reverse("deals:price_list_create"),
        {"key": uuid4(), "kind": "base", "name": "Осень", "valid_from": "2026-09-01"},
    )
    made = PriceList.objects.get()
    assert answer.url == made.get_absolute_url()
    fill = reverse("deals:price_list_fill", args=[made.pk])
    assert head.post(fill, {"version": 1, "prices": "НЕТ\t1"}).status_code == 422
    head.post(fill, {"version": 1, "prices": "ЧАЙ-01\t150"})
    director.post(reverse("deals:price_list_approve", args=[made.pk]), {"version": 2})
    director.post(
        reverse("deals:price_list_end", args=[made.pk]), {"version": 3, "on": "2026-12-01"}
    )
    made.refresh_from_db()
    assert (made.state, made.valid_to) == ("approved", date(2026, 12, 1))
    page = signed_in(cast.manager).get(made.get_absolute_url())
    assert "Чай чёрный" in page.text
    assert reverse("deals:price_list_end", args=[made.pk]) not in page.text


def test_a_product_is_taken_out_of_a_draft_by_its_row_and_out_of_nothing_else(cast, tea):
    draft = deals.price_list(cast.department_head, {tea: "100.00", deals.product(): "7.00"})
    head, line = signed_in(cast.department_head), draft.lines.get(product=tea)
    drop = reverse("deals:price_list_drop", args=[line.pk])
    assert drop in head.get(draft.get_absolute_url()).text
    assert "Чай чёрный" in head.get(drop).text
    assert head.post(drop, {"version": 9}).status_code == 409
    assert head.post(drop, {"version": 1}).status_code == 302
    assert (draft.lines.count(), draft.lines.filter(product=tea).count()) == (1, 0)

    left = reverse("deals:price_list_drop", args=[draft.lines.get().pk])
    actions.approve_price_list(draft.pk, by=cast.director, version=2)
    assert head.post(left, {"version": 3}).status_code == 422
    assert draft.lines.count() == 1
    assert left not in head.get(draft.get_absolute_url()).text


def test_a_manager_sees_no_drafts(cast, tea):
    draft = deals.price_list(cast.department_head, {tea: "100.00"})
    assert signed_in(cast.manager).get(draft.get_absolute_url()).status_code == 404
