"""A client on a phone, without an account: from the letter to the objection and its proof."""

from crm.files.models import Attachment
from deals.models import ReconciliationItem
from tests.browsing import fits, small_targets, violations
from tests.cast import assemble
from tests.factories import act_links, categories, deals
from tests.files import samples

LONG = "ООО «Очень длинное название общества с ограниченной ответственностью и ещё немного слов»"


def test_a_client_reads_objects_and_sends_a_statement(live_app, open_page, tmp_path):
    cast = assemble()
    client = categories.client(cast.manager, category="C", status="client", name=LONG)
    deals.sale(client, "1234567.89")
    ours = act_links.sent(client, by=cast.manager)
    page = open_page(size="phone")
    page.goto(ours.url)
    assert fits(page)
    assert violations(page) == []
    assert small_targets(page, "summary, button, a.btn") == []
    referrers = []
    page.on("request", lambda asked: referrers.append(asked.headers.get("referer", "")))
    page.get_by_text("Не согласен", exact=True).click()
    page.get_by_role("button", name="Отправить возражения").click()
    page.wait_for_selector(".invalid-feedback")
    page.fill("#object_text", "Нет платежа 5 от 12.10.2026 на 1 000,00")
    page.fill("#object_name", "Петрова Мария")
    page.fill("#object_position", "Главный бухгалтер")
    page.get_by_role("button", name="Отправить возражения").click()
    page.wait_for_selector(".alert-success")
    statement = tmp_path / "выписка.pdf"
    statement.write_bytes(samples.pdf())
    page.set_input_files("#upload_file", statement)
    page.get_by_role("button", name="Отправить файл").click()
    page.get_by_text("выписка.pdf").wait_for()
    assert fits(page)
    assert violations(page) == []
    assert not any(ours.token in where for where in referrers), "not even to ourselves"
    assert ReconciliationItem.objects.get(pk=ours.item.pk).state == "discrepancy"
    assert Attachment.objects.get().sender == act_links.EMAIL
    assert {cookie["name"] for cookie in page.context.cookies()} == {"csrftoken"}
    page.goto(f"/acts/{'x' * 43}/")
    assert violations(page) == []
    page.troubles[:] = [line for line in page.troubles if "404" not in line]
