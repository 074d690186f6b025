"""Job descriptions read from a text, and which screens serve their duties (CR-08)."""

import json
import re
from itertools import product

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command

from crm.accounts.models import Role, User
from crm.errors import RuleViolation
from crm.library import actions
from crm.library.job_descriptions import read_clauses, read_descriptions
from crm.library.models import Capability, DocumentVersion, Duty, PolicyDocument
from crm.library.pages import LINKS, review_of, served
from crm.library.screens import REPORT, address_of, may_open
from crm.library.seeds.capabilities import seed_capabilities, table
from tests.authz.asking import answers
from tests.cast import PEOPLE, signed_in
from tests.factories import library
from tests.kernel.shared_files import shared_file

TODAY = library.TODAY
FEW = ("manager", "merchandiser")
ADMIN = User(role=Role.ADMIN)


def states(version):
    found = served(version.duties.prefetch_related(*LINKS), ADMIN)
    return [(one.duty.number, one.state) for one in found]


def test_clauses_have_their_sections_numbers_lines_and_codes():
    text = (
        "II. Права\n\n1.1. Вправе требовать.\n• подпункт;\nа также прочее.\n1. ОБЩЕЕ\nСрок {CL-01}"
    )
    found = [
        (one.line, one.section, one.number, one.text, one.codes) for one in read_clauses(text, 7)
    ]
    assert found == [
        (9, "II. Права", "1.1.", "Вправе требовать.", ()),
        (10, "II. Права", "•", "подпункт;", ()),
        (11, "II. Права", "", "а также прочее.", ()),
        (13, "1. ОБЩЕЕ", "", "Срок", ("CL-01",)),
    ]  # fmt: skip


def test_every_duty_of_the_sample_that_software_serves_is_read_with_its_line(cast):
    seed_capabilities()
    path = shared_file("domain/job-descriptions.txt")
    table_of = shared_file("domain/1-traceability.md").read_text("utf-8")
    rows = re.findall(r"\| (S[\w.]+) \| (\d+) \| .*? \| (.*?) \|", table_of)
    report = actions.import_descriptions(
        path.read_text("utf-8"), by=cast.admin, today=TODAY, unit=None
    )
    assert (len(report.made), report.same) == (6, [])
    links = {}
    for line, code in Duty.objects.values_list("source_line", "links__capability__code"):
        links.setdefault(line, set()).add(code)
    wanted = {int(line): set(re.findall(r"[A-Z]{2}-\d\d", codes)) for _c, line, codes in rows}
    lost = {line for line, codes in wanted.items() if codes and not codes <= links.get(line, set())}
    assert lost == {544}  # the line for a signature stands as a heading of its own
    roles = DocumentVersion.objects.values_list("roles", flat=True)
    assert sorted(roles) == [["department_head"]] * 4 + [["director"], ["manager"]]
    again = actions.import_descriptions(
        path.read_text("utf-8"), by=cast.admin, today=TODAY, unit=None
    )
    assert (again.made, again.changed, len(again.same)) == ([], [], 6)


def test_the_command_says_what_it_would_read_and_writes_nothing(cast, tmp_path, capsys):
    path = tmp_path / "должности.txt"
    path.write_text(f"Должностная инструкция менеджера\n{library.DESCRIPTION}", "cp1251")
    call_command("import_job_descriptions", path, "--dry-run", "--json")
    told = json.loads(capsys.readouterr().out)
    assert (told["made"], told["duties"]) == (["Должностная инструкция менеджера"], 3)
    assert not PolicyDocument.objects.exists()
    call_command("import_job_descriptions", path)
    assert Duty.objects.count() == 3
    with pytest.raises(RuleViolation):
        actions.import_descriptions("Просто текст", by=cast.admin, today=TODAY, unit=None)
    with pytest.raises(PermissionDenied):
        actions.import_descriptions("x", by=cast.manager, today=TODAY, unit=None)
    assert read_descriptions("Должностная инструкция\n1. Одна.") == []


def test_duties_say_their_screens_what_is_planned_and_what_nothing_serves(cast):
    version = library.description(cast)
    assert states(version) == [("1.1.", "planned"), ("1.2.", "served"), ("1.3.", "none")]
    assert review_of("none", TODAY, ADMIN).counts == {
        "none": 1,
        "planned": 1,
        "served": 1,
        "outside": 0,
    }
    third = version.duties.get(number="1.3.")
    with pytest.raises(PermissionDenied):
        actions.link_duty(third.pk, by=cast.director, capabilities=[], outside_reason="x")
    both = {"capabilities": [Capability.objects.get(code="CR-03")], "outside_reason": "Порядок"}
    with pytest.raises(RuleViolation):
        actions.link_duty(third.pk, by=cast.admin, **both)
    actions.link_duty(third.pk, by=cast.admin, **both | {"capabilities": []})
    assert review_of("none", TODAY, ADMIN).rows == []
    # The same words keep what serves them in the next version.
    text = library.DESCRIPTION + "1.4. Новая обязанность."
    second = library.corrected(version, cast.admin, text, roles=["manager"])
    assert states(second) == [
        ("1.1.", "planned"), ("1.2.", "served"), ("1.3.", "outside"), ("1.4.", "none")
    ]  # fmt: skip


def test_a_page_says_which_duties_of_the_reader_it_serves(cast):
    library.description(cast)
    shown = {}
    for person in (cast.manager, cast.accountant):
        for page in ("/deals/contracts/", "/clients/", "/nowhere/", "https://a.b/"):
            answer = signed_in(person).get("/library/purpose/", {"page": page})
            shown[person.username, page] = "Ведёт договоры" in answer.content.decode()
    assert {key for key, found in shown.items() if found} == {("manager", "/deals/contracts/")}
    home = signed_in(cast.manager).get("/deals/contracts/").content.decode()
    assert 'href="/library/purpose/?page=/deals/contracts/"' in home


def test_screens_of_the_seed_are_there():
    names = {screen.split(" ", 1)[0] for row in table().values() for screen in row[1:]}
    assert [name for name in sorted(names) if not address_of(name)] == []
    assert all(code == code.upper() for code in table())


def test_a_screen_is_a_link_for_those_alone_whom_it_opens(cast):
    """By the matrix, whose test asks each page as everybody; reports are asked here."""
    names = {screen.split()[0] for _title, *screens in table().values() for screen in screens}
    refused, offered = [], 0
    for person, name in product(PEOPLE, sorted(filter(address_of, names))):
        user = getattr(cast, person)
        if not may_open(user, name):
            continue
        offered += 1
        if not name.startswith(REPORT):
            opens = answers(name, "get")[person] == "."
        else:
            opens = person not in FEW or signed_in(user).get(address_of(name)).status_code == 200
        if not opens:
            refused.append((person, name))
    assert refused == []
    assert offered > 300


def test_a_duty_names_a_screen_without_a_link_where_it_does_not_open(cast):
    version = library.description(cast)
    shown = {
        who: [screen.is_open for one in served(version.duties.prefetch_related(*LINKS), user)
              for screen in one.there]
        for who, user in (("manager", cast.manager), ("admin", cast.admin))
    }  # fmt: skip
    assert shown["manager"]
    assert all(shown["manager"])
    assert shown["admin"] == [False] * len(shown["manager"])
    page = signed_in(cast.admin).get(version.document.get_absolute_url()).content.decode()
    assert '<span class="library-screen">' in page
    assert '<a class="library-screen' not in page


def test_the_administrator_changes_the_screens_of_a_capability(cast):
    seed_capabilities()
    row = Capability.objects.get(code="CL-08")
    browser, url = signed_in(cast.admin), f"/library/capabilities/{row.pk}/"
    data = {"title": "Листы", "version": row.version, "screens": "clients:list Клиенты"}
    assert browser.post(url, data | {"screens": "без адреса"}).status_code == 422
    assert browser.post(url, data | {"version": 9}).status_code == 409
    assert browser.post(url, data).status_code == 302
    assert list(row.screens.values_list("url_name", "label")) == [("clients:list", "Клиенты")]
    assert seed_capabilities() == 0
    assert signed_in(cast.director).post(url, data).status_code == 403


def test_a_duty_whose_words_stay_keeps_its_row_its_link_and_leaves_no_event(cast):
    seed_capabilities()
    draft = library.draft(
        cast,
        kind="job_description",
        title="Инструкция",
        text=library.DESCRIPTION,
        roles=["manager"],
    )
    first, second, third = draft.duties.all()
    links = {duty.pk: list(duty.links.values_list("pk", flat=True)) for duty in (first, second)}
    text = library.DESCRIPTION.replace(
        "1.1. Проверяет полноту сведений о выставках. {RP-07}", "1.1. Знает цены."
    )
    new = actions.NewText(text, TODAY, roles=["manager"])
    actions.change_draft(draft.pk, by=cast.admin, version=draft.version, new=new)
    new_one, *kept = draft.duties.all()
    assert (new_one.text, [duty.pk for duty in kept]) == ("Знает цены.", [second.pk, third.pk])
    assert list(kept[0].links.values_list("pk", flat=True)) == links[second.pk] != []
    events = Duty.pgh_event_model.objects.filter(version=draft)
    assert sorted(events.values_list("pgh_label", flat=True)) == ["delete", *["insert"] * 4]
