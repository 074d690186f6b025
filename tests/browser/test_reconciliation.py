"""An act that the client does not agree with, from its making to the signature."""

from decimal import Decimal

from django.utils import timezone

from deals.actions import differences as actions
from deals.actions.received_statements import compare_waiting
from deals.models import Discrepancy, ReconciliationItem
from tests.browsing import settled
from tests.cast import assemble
from tests.deals import filled_acts
from tests.factories import act_links, reconciliations, statements

THEIRS = filled_acts.csv([filled_acts.HEADER, *statements.THEIRS])


def sent(page, **form):
    """Fill in the open dialog and send it; the page behind it follows."""
    page.wait_for_selector("#dialog[open] #_dialog_form")
    for field, value in form.items():
        page.fill(f"#dialog [name={field}]", value)
    page.locator("#dialog [type=submit]").click()
    page.wait_for_selector("#dialog:not([open])", state="attached")
    settled(page)


def pressed(page, ending, **form):
    """The button of an address, with its dialog."""
    page.locator(f'main a[href$="{ending}"]').first.click()
    sent(page, **form)


def decided(page, row):
    """Whose error it is, corrected, closed: each by its button in the protocol."""
    page.locator(f'a[href$="/{row.pk}/decide/"]').click()
    page.wait_for_selector("#dialog[open] #_dialog_form")
    page.locator("#dialog [value=theirs_wrong]").check()
    sent(page, resolution="Описка клиента")
    for step in ("correct", "close"):
        page.locator(f'form[action$="/{row.pk}/{step}/"] button').click()
        page.wait_for_selector(f'form[action$="/{row.pk}/{step}/"]', state="detached")
        settled(page)


def closed(row, cast):
    """The same past the screen: one by its buttons is enough."""
    row = actions.decide(
        row.pk, by=cast.manager, version=row.version, verdict="theirs_wrong", resolution="Нашли"
    )
    row = actions.correct(row.pk, by=cast.manager, version=row.version)
    actions.close(row.pk, by=cast.manager, version=row.version)


def objected(page, token, tmp_path):
    """The client, without an account: objects in words, then sends what its own books say."""
    page.goto(f"/acts/{token}/")
    page.get_by_text("Не согласен", exact=True).click()
    page.fill("#object_text", "Нет накладной I4")
    page.fill("#object_name", "Петрова Мария")
    page.fill("#object_position", "Главный бухгалтер")
    page.get_by_role("button", name="Отправить возражения").click()
    page.wait_for_selector(".alert-success")
    file = tmp_path / "Сверка.csv"
    file.write_bytes(THEIRS)
    page.set_input_files("#upload_file", file)
    page.get_by_role("button", name="Отправить файл").click()
    page.get_by_text("Сверка.csv").wait_for()


def test_an_act_with_a_client_that_disagrees(live_app, open_page, tmp_path):
    cast = assemble()
    item = reconciliations.item(statements.client(cast.manager, name="ООО «Спорный»"))
    manager = open_page(cast.manager)
    manager.goto(item.get_absolute_url())
    settled(manager)
    pressed(manager, "/make/", first="2026-10-01")
    pressed(manager, "/link/send/", email="buh@romashka.test")
    token = act_links.deliver()
    client = open_page(size="phone")
    objected(client, token, tmp_path)
    assert {cookie["name"] for cookie in client.context.cookies()} == {"csrftoken"}
    manager.reload()
    manager.get_by_text("он сравнивается с актом").wait_for()
    assert compare_waiting(today=timezone.localdate()) == 1
    manager.get_by_text("Разница сальдо").first.wait_for()
    shown = manager.locator("#_difference_panel").inner_text().replace("\xa0", " ")
    for figure in ("782 999,25", "732 999,52", "49 999,73", "Нет накладной I4"):
        assert figure in shown
    rows = list(Discrepancy.objects.order_by("pk"))
    assert sum((row.our_amount or 0) - (row.their_amount or 0) for row in rows) == Decimal(
        "49999.73"
    )
    for row in rows[1:]:
        closed(row, cast)
    decided(manager, rows[0])
    manager.get_by_text("Все расхождения закрыты: акт можно подписывать").wait_for()
    manager.locator('main a[href$="/sign/"]').click()
    manager.wait_for_selector("#dialog[open] #_dialog_form")
    manager.locator("#dialog [value=director]").check()
    sent(manager, signatory="Иванов И. И.", position="Директор")
    item = ReconciliationItem.objects.get(pk=item.pk)
    assert (item.state, item.act.signatory_authority) == ("signed", "director")
    assert manager.locator("#_reconciliation_detail .way").get_by_text("Подписан").count()
