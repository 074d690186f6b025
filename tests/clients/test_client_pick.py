"""A client typed into a field: by the code, or by a part of the name that means one client."""

import pytest
from django.core.exceptions import ValidationError

from clients.forms.picking import ClientPickField
from tests.factories import clients


@pytest.fixture
def picked(cast):
    for name in ("ООО «Зелёная Роща»", "АО «Роща-2»", "ИП Роща Юг"):
        clients.client(cast.manager, name=name)
    clients.client(cast.stranger, name="ООО «Василёк»")

    def pick(text):
        field = ClientPickField()
        field.user = cast.manager
        return field.clean(text)

    return pick


@pytest.mark.parametrize("text", ["зеленая", "ООО Зелёная роща", "«зелен", "ЗЕЛЕНАЯ РОЩА"])
def test_a_part_that_means_one_client_is_enough(picked, text):
    assert picked(text).name == "ООО «Зелёная Роща»"


def test_the_whole_name_is_preferred_to_a_part_of_others(picked, cast):
    clients.client(cast.manager, name="ООО «Роща»")
    assert picked("роща").name == "ООО «Роща»"


def test_several_are_counted_and_offered(picked):
    with pytest.raises(ValidationError) as refusal:
        picked("роща")
    (text,) = refusal.value.messages
    assert text.startswith("Подходят 3 клиента: ")
    for name in ("Зелёная Роща", "Роща-2", "Роща Юг"):
        assert name in text


@pytest.mark.parametrize("text", ["василек", "Нет такого", "«»", "%", "_"])
def test_nothing_else_is_taken_nor_told_of(picked, text):
    with pytest.raises(ValidationError) as refusal:
        picked(text)
    assert refusal.value.messages == ["Выберите клиента из списка."]
