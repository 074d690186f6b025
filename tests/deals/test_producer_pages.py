"""The pages of price agreements with producers: register, card, form; where they warn."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from deals.models import ProducerPriceAgreement, ProductGroup
from tests.cast import signed_in
from tests.factories import clients, deals, producers, proposals

OF_GROUP = {"line-0-product": "", "line-0-group": "group"}


@pytest.fixture
def tea(cast):
    made = deals.product(sku="ЧАЙ-01", name="Чай чёрный")
    deals.price_list(cast.director, {made: "100.00"}, approved_by=cast.director)
    return made


def address(name, *args):
    return reverse(f"deals:producer_agreement_{name}", args=args)


def sent(person, agreement=None, **more):
    head = {
        "producer": "Чайная фабрика «Лист»",
        "number": "ЦС-1",
        "valid_from": "01.01.2026",
        "keeper": person.pk,
        "version": agreement.version if agreement else "",
        "lines": "1",
        "line-0-product": "ЧАЙ-01",
        "line-0-lowest_price": "92,50",
    }
    url = address("edit", agreement.pk) if agreement else address("create")
    return signed_in(person).post(url, head | more)


def test_an_agreement_is_entered_changed_and_shown_beside_our_price(cast, tea):
    group = ProductGroup.objects.create(name="Посуда")
    two = {"lines": "2", "line-1-group": group.pk, "line-1-highest_discount": "7,5"}
    assert sent(cast.purchasing, **two).status_code == 302
    made = ProducerPriceAgreement.objects.get()
    first, second = made.lines.order_by("position")
    assert (str(first.lowest_price), str(second.highest_discount)) == ("92.50", "7.50")
    edit = signed_in(cast.purchasing).get(address("edit", made.pk))
    assert {"ЧАЙ-01 · Чай чёрный", "92,50"} <= set(_values(edit))
    assert sent(cast.purchasing, made, **{"line-0-lowest_price": "101"}).status_code == 302
    assert made.lines.get().lowest_price == 101
    page = signed_in(cast.department_head).get(made.get_absolute_url()).content.decode()
    assert "ниже соглашения" in page
    assert "Прайс-лист ниже соглашения" in page
    again = sent(cast.purchasing, made)
    assert again.status_code == 409
    history = signed_in(cast.director).get(address("history", made.pk)).content.decode()
    assert "<del>92,50\u00a0₽</del>" in history
    assert re.search("«Посуда»</span>\\s*<span class=.history-went.>удалена<", history)


def _values(answer):
    form = answer.context["editor"]
    return [str(row[name].value()) for row in form.rows for name in ("product",)] + [
        str(row["lowest_price"].field.prepare_value(row["lowest_price"].value()))
        for row in form.rows
    ]


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"line-0-product": ""}, "product"),
        ({"line-0-lowest_price": ""}, "lowest_price"),
        ({"line-0-recommended_price": "90"}, "lowest_price"),
        ({"line-0-highest_discount": "101"}, "highest_discount"),
        (OF_GROUP | {"line-0-highest_discount": "5"}, "lowest_price"),
        (OF_GROUP | {"line-0-lowest_price": ""}, "highest_discount"),
    ],
)  # fmt: skip
def test_a_line_that_makes_no_sense_is_refused_beside_its_field(cast, tea, typed, field):
    group = ProductGroup.objects.create(name="Посуда").pk
    typed = {name: group if value == "group" else value for name, value in typed.items()}
    answer = sent(cast.purchasing, **typed)
    assert (answer.status_code, ProducerPriceAgreement.objects.count()) == (422, 0)
    assert set(answer.context["editor"].rows[0].errors) == {field}


def test_lines_are_added_and_removed_without_losing_what_was_typed(cast, tea):
    more = sent(cast.purchasing, command="add").context["editor"].rows
    assert [row["lowest_price"].value() for row in more] == ["92,50", None]
    assert ProducerPriceAgreement.objects.count() == 0
    producers.agreement(cast.purchasing, {tea: {"lowest_price": "90"}}, number="ЦС-1")
    twice = sent(cast.purchasing)
    assert twice.status_code == 422
    assert "number" in twice.context["editor"].head.errors


def test_ready_views_show_what_holds_what_ends_and_what_is_over(cast, tea):
    today, given = timezone.localdate(), {tea: {"lowest_price": "90"}}
    ends = {"ending": 10, "over": -1, "endless": None, "to_come": 90, "later": 60}
    made = {}
    for name, days in ends.items():
        last = None if days is None else today + timedelta(days=days)
        first = {"valid_from": today + timedelta(days=1)} if name == "to_come" else {}
        more = {"number": name, "valid_to": last, **first}
        made[name] = producers.agreement(cast.purchasing, given, **more)
    gone = producers.agreement(cast.purchasing, given, number="gone")
    ProducerPriceAgreement.objects.filter(pk=gone.pk).update(archived_at=timezone.now())
    client = signed_in(cast.purchasing)

    def shown(query):
        return {row.number for row in client.get(f"{address('list')}{query}").context["list"].rows}

    assert shown("") == set(ends)
    assert shown("?state=in_force") == {"ending", "endless", "later"}
    assert shown("?state=ending") == {"ending"}
    assert shown("?state=to_come") == {"to_come"}
    assert shown("?state=over") == {"over"}
    assert shown("?archived=true") == {"gone"}
    assert shown(f"?keeper={cast.purchasing.pk}") == set(ends)
    assert shown("?q=endl") == {"endless"}
    over = client.get(made["over"].get_absolute_url()).content.decode()
    assert "больше не проверяются" in over


def test_offer_and_price_list_name_the_agreement(cast, tea):
    made = producers.agreement(cast.purchasing, {tea: {"lowest_price": "101"}})
    client = clients.client(cast.manager, category="B")
    offer = proposals.draft(client, {tea: ("1", "0")}, by=cast.manager)
    for url in (offer.get_absolute_url(), tea.prices.get().price_list.get_absolute_url()):
        page = signed_in(cast.department_head).get(url).content.decode()
        assert f'href="{made.get_absolute_url()}"' in page
