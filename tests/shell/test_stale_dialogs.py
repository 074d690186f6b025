"""Two windows of one record: the second learns what the first saved, and goes on."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from django import forms
from django.urls import reverse
from django.utils import timezone

from claims.models import Claim
from clients.models import ContactLog
from crm.fields import RussianDateField
from crm.stale import Difference, catch_up
from tests.cast import signed_in
from tests.factories import claims, clients, contacts

HTMX = {"HX-Request": "true"}
MOMENT = timezone.make_aware(datetime.fromisoformat("2026-11-02 09:05"))


def shown(window, url):
    """The form as the window shows it, by name."""
    form = window.get(url, headers=HTMX).context["form"]
    return {bound.html_name: bound.value() or "" for bound in form}


def sent(window, url, typed):
    """The status and the form that comes back."""
    answer = window.post(url, typed, headers=HTMX)
    again = answer.context["form"] if answer.context else []
    return answer, {bound.html_name: bound.value() or "" for bound in again}


def test_the_second_editor_sees_what_the_first_has_saved_and_saves_over_it(cast):
    claim = claims.claim(clients.client(cast.manager), on=timezone.localdate())
    url = reverse("claims:edit", args=[claim.pk])
    first, second = signed_in(cast.manager), signed_in(cast.sector_head)
    mine, theirs = shown(second, url), shown(first, url)
    assert sent(first, url, theirs | {"description": "Бой"})[0].status_code == 204
    answer, typed = sent(second, url, mine | {"description": "Недостача"})
    assert answer.status_code == 409
    (line,) = answer.context["differences"]
    assert (line.saved, line.typed) == ("Бой", "Недостача")
    assert "<b>Недостача</b>" in answer.content.decode()
    assert typed["description"] == "Недостача"
    assert sent(second, url, typed)[0].status_code == 204
    assert Claim.objects.get(pk=claim.pk).description == "Недостача"


def test_a_dialog_with_nothing_to_compare_is_sent_again_with_what_was_typed(cast):
    plan = contacts.planned(clients.client(cast.manager), cast.manager)
    url = reverse("clients:contact_cancel", args=[plan.pk])
    window = signed_in(cast.manager)
    typed = shown(window, url) | {"reason": "Клиент в отпуске"}
    ContactLog.objects.filter(pk=plan.pk).update(version=plan.version + 1)
    answer, again = sent(window, url, typed)
    assert answer.status_code == 409
    assert "Посмотрите, какой стала запись" in answer.content.decode()
    assert again["reason"] == "Клиент в отпуске"
    assert sent(window, url, again)[0].status_code == 204
    plan.refresh_from_db()
    assert plan.state == "cancelled"


class Everything(forms.Form):
    """A field of each kind that is read otherwise than it is kept."""

    day = RussianDateField(label="День")
    kind = forms.ChoiceField(label="Вид", choices=[("Группа", [("a", "Первый")]), ("b", "Второй")])
    yes = forms.BooleanField(label="Да", required=False)
    at = forms.DateTimeField(label="Когда")
    sums = forms.DecimalField(label="Сумма")
    same = forms.CharField(label="То же")
    empty = forms.CharField(label="Пусто", required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


@pytest.mark.parametrize(("sent_version", "is_compared"), [("1", True), ("2", False)])
def test_values_are_compared_in_words_unless_no_newer_version_is_known(sent_version, is_compared):
    saved = {
        "day": date(2026, 11, 2), "kind": "b", "yes": False, "at": MOMENT,
        "sums": Decimal("10.00"), "same": "x", "empty": "y", "version": 2,
    }  # fmt: skip
    typed = {
        "day": "03.11.2026", "kind": "a", "yes": "on", "at": "2026-11-03 10:00", "sums": "11",
        "same": "x", "empty": "", "version": sent_version,
    }  # fmt: skip
    form = Everything(typed, initial=saved)
    assert form.is_valid()
    found = catch_up(form)
    assert (found is not None) == is_compared
    assert form["version"].value() == "2"
    if found is not None:
        assert found == [
            Difference("День", "02.11.2026", "03.11.2026"),
            Difference("Вид", "Второй", "Первый"),
            Difference("Да", "Нет", "Да"),
            Difference("Когда", "02.11.2026 09:05", "03.11.2026 10:00"),
            Difference("Сумма", "10.00", "11"),
            Difference("Пусто", "y", "—"),
        ]
