"""The panel of a client, downloads and their headers, refusals beside the good files."""

import json
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.template import Context, Template
from django.test.utils import CaptureQueriesContext

from crm.accounts.models import AccessEvent
from crm.files.actions import put_aside, replace_file
from crm.files.models import Attachment
from crm.files.registry import owned, owners
from crm.work import registry
from crm.work.models import Setting
from deals.models import ClientDocument, Contract
from tests.cast import signed_in
from tests.factories import clients
from tests.files import samples

HTMX = {"HX-Request": "true"}


def upload(person, client, *named, **options):
    files = [SimpleUploadedFile(name, content) for name, content in named]
    url = f"/files/of/client/{client.pk}/add/"
    return signed_in(person).post(url, {"kind": "other", "file": files}, **options)


def downloaded(person, file):
    answer = signed_in(person).get(f"/files/{file.pk}/download/")
    return answer, b"".join(answer.streaming_content) if answer.streaming else b""


def test_several_files_at_once_are_kept_or_refused_each_on_its_own(client_of_manager, manager):
    good, bad = ("Акт.pdf", samples.pdf()), ("x.exe", b"MZ")
    answer = upload(manager, client_of_manager, bad, good, headers=HTMX)
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "<b>x.exe</b> — " in text
    assert "PDF, JPG, PNG, XLSX, DOCX" in text
    assert [file.name for file in Attachment.objects.all()] == ["Акт.pdf"]
    assert f"/files/{Attachment.objects.get().pk}/download/" in text


def test_any_record_puts_its_panel_on_its_page_by_one_tag(file, manager):
    client = clients.Client.objects.get(pk=file.owner_id)
    page = Template("{% load files %}{% files_panel record %}").render(Context({"record": client}))
    assert f'hx-get="/files/of/client/{client.pk}/"' in page
    with pytest.raises(KeyError):
        Template("{% load files %}{% files_panel record %}").render(Context({"record": manager}))


def test_no_more_than_the_setting_is_taken_at_once(client_of_manager, manager):
    Setting.objects.create(key="files.at_once", value=1)
    registry.forget()
    two = [("a.pdf", samples.pdf()), ("b.png", samples.picture())]
    assert upload(manager, client_of_manager, *two, headers=HTMX).status_code == 422
    assert Attachment.objects.get().name == "a.pdf"


def test_without_scripts_the_upload_leads_back_to_the_card(client_of_manager, manager):
    answer = upload(manager, client_of_manager, ("Акт.pdf", samples.pdf()))
    assert answer["Location"] == client_of_manager.get_absolute_url()


def test_a_file_over_the_limit_is_refused_by_the_bytes_that_came(client_of_manager, manager):
    Setting.objects.create(key="files.max_mb", value=1)
    registry.forget()
    large = samples.pdf() + bytes(samples.MB)
    assert upload(manager, client_of_manager, ("a.pdf", large), headers=HTMX).status_code == 422
    assert not Attachment.objects.exists()


def test_a_download_is_never_a_page_and_is_noted(file, manager):
    answer, content = downloaded(manager, file)
    assert content == samples.pdf()
    assert answer["Content-Type"] == "application/pdf"
    name = "%D0%94%D0%BE%D0%B3%D0%BE%D0%B2%D0%BE%D1%80%20%E2%84%96%205.pdf"
    assert answer["Content-Disposition"] == f"attachment; filename*=UTF-8''{name}"
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "no-store"
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
    assert int(answer["Content-Length"]) == len(content)
    noted = AccessEvent.objects.filter(kind="download").get()
    assert noted.user == manager
    assert f"client {file.owner_id}: Договор № 5.pdf" in noted.target


@pytest.mark.parametrize("person", ["stranger", "stranger_head", "manager2", "marketer", "admin"])
def test_whoever_does_not_see_the_client_gets_the_answer_of_a_missing_file(file, cast, person):
    person = getattr(cast, person)
    refused, _content = downloaded(person, file)
    missing = signed_in(person).get("/files/999999999/download/")
    assert refused.status_code == missing.status_code == 404
    assert same(refused, file.pk) == same(missing, 999_999_999)
    assert not AccessEvent.objects.filter(kind="download").exists()


def same(answer, pk):
    """The page without the address that was asked for and what is new in each."""
    text = answer.content.decode().replace(f"/files/{pk}/", "/files/")
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"|X-CSRFToken[^}]+', "", text)


def test_a_client_that_moves_to_another_manager_takes_its_files_along(file, cast):
    assert downloaded(cast.stranger, file)[0].status_code == 404
    client = clients.Client.objects.get(pk=file.owner_id)
    client.manager, client.org_unit = cast.stranger, cast.other_sector
    client.save(update_fields=["manager", "org_unit"])
    assert downloaded(cast.stranger, file)[0].status_code == 200
    assert downloaded(cast.manager, file)[0].status_code == 404


def test_a_file_that_is_gone_from_the_disk_is_missing(file, manager, media):
    (media / "tmp" / str(file.key)).unlink()
    assert downloaded(manager, file)[0].status_code == 404


def test_the_file_page_shows_every_version_and_each_can_be_downloaded(file, manager):
    new = replace_file(file.pk, by=manager, name="x.docx", content=samples.docx())
    for shown in (file, new):
        text = signed_in(manager).get(f"/files/{shown.pk}/").content.decode()
        assert f"/files/{file.pk}/download/" in text
        assert f"/files/{new.pk}/download/" in text
    assert downloaded(manager, file)[1] == samples.pdf()


def test_the_second_of_two_new_versions_is_told_and_keeps_the_dialog(file, manager):
    replace_file(file.pk, by=manager, name="x.docx", content=samples.docx())
    late = {"file": SimpleUploadedFile("x.png", samples.picture())}
    answer = signed_in(manager).post(f"/files/{file.pk}/replace/", late, headers=HTMX)
    assert answer.status_code == 409
    assert b'id="_form"' in answer.content


def test_a_refused_new_version_says_why_beside_its_field(file, manager):
    bad = {"file": SimpleUploadedFile("x.svg", b"<svg/>")}
    answer = signed_in(manager).post(f"/files/{file.pk}/replace/", bad, headers=HTMX)
    assert answer.status_code == 422
    assert "PDF, JPG, PNG, XLSX, DOCX" in answer.content.decode()


def test_putting_aside_offers_undo_and_the_panel_keeps_it_below(file, manager):
    browser = signed_in(manager)
    assert browser.post(f"/files/{file.pk}/put-aside/", {"reason": ""}).status_code == 422
    answer = browser.post(f"/files/{file.pk}/put-aside/", {"reason": "Ошибка"}, headers=HTMX)
    toast = json.loads(answer["HX-Trigger"])["toast"]
    assert toast["undo"] == f"/files/{file.pk}/bring-back/"
    panel = f"/files/of/client/{file.owner_id}/"
    assert "Ошибка" in browser.get(panel).content.decode()
    browser.post(toast["undo"], headers=HTMX)
    assert "Ошибка" not in browser.get(panel).content.decode()


def test_the_reader_has_no_buttons_to_change(file, accountant, manager):
    panel = f"/files/of/client/{file.owner_id}/"
    for person, may in ((manager, True), (accountant, False)):
        text = signed_in(person).get(panel).content.decode()
        assert ("/add/" in text) is may
        assert ("/put-aside/" in text) is may


def test_the_panel_asks_as_often_for_many_files_as_for_one(file, manager):
    browser, url = signed_in(manager), f"/files/of/client/{file.owner_id}/"
    once = queries_of(browser, url)
    for number in range(10):
        file.pk, file.key, file.chain = None, Attachment().key, Attachment().chain
        file.name = f"{number}.pdf"
        file.save(force_insert=True)
    put_aside(file.pk, by=manager, reason="x")
    assert queries_of(browser, url) == once


def queries_of(browser, url):
    browser.get(url)
    with CaptureQueriesContext(connection) as seen:
        browser.get(url)
    return len(seen)


# What is most often laid beside a record; whatever is not named starts with «Other».
KINDS = {
    "claim": "claim",
    "client": "registration",
    "contract_template": "contract",
    "expense": "primary",
    "invoice": "primary",
    "letter": "letter",
    "outgoing_claim": "claim",
    "price_notice": "letter",
    "producer_agreement": "contract",
    "reconciliation_act": "reconciliation",
    "shipment": "primary",
    "visit": "photo",
}


def test_the_form_starts_with_the_kind_most_probable_for_the_record(client_of_manager, manager):
    page = signed_in(manager).get(f"/files/of/client/{client_of_manager.pk}/").content.decode()
    assert re.findall(r'value="(\w+)" selected', page) == ["registration"]
    by_record = ("contract", "client_document")
    plain = {one.key: one.kind_of(None) for one in owners() if one.key not in by_record}
    assert {key: kind for key, kind in plain.items() if kind != "other"} == KINDS
    contract, document = (owned(key).kind_of for key in by_record)
    assert [contract(Contract(parent_id=up)) for up in (None, 5)] == ["contract", "addendum"]
    papers = {kind: document(ClientDocument(kind=kind)) for kind in ("tax", "authority", "lease")}
    assert papers == {"tax": "registration", "authority": "authority", "lease": "other"}
