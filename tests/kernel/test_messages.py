import polib
import pytest
from django.template import Context, Template
from django.utils.translation import override

from crm.work.messages import catalogue
from crm.work.messages.check import problems, two_plurals
from crm.work.messages.extract import Message, extract, python_messages, template_messages
from crm.work.messages.russian import russian_literals

CODE = '''
"""Докстринг может говорить по-русски."""
from django.utils.translation import gettext as _, gettext_lazy, ngettext, pgettext as ctx
from django.utils import translation

_("One " "two")
label = gettext_lazy("Lazy")
ngettext("%(n)s day", "%(n)s days", 3)
ctx("verb", "Order")
translation.npgettext("box", "case", "cases", 2)
_(label)
_ = [part for _, part in ()]
'''
PAGE = """{% load i18n %}
{# comment {% translate "Not this" %} #}
{% comment %}{% translate "Nor this" %}{% endcomment %}
{% translate "Save" %} {% trans 'Close' context "window" as title %}
{% translate "100% sure" %} {% translate variable %}
{% if a %}{% blocktranslate trimmed with name=client.name %}
    Hello,
    {{ name }}!
{% endblocktranslate %}{% endif %}
{% blocktranslate count n=rows context "list" %}{{ n }} row{% plural %}{{ n }} rows{% endblocktranslate %}
{{ value|default:_("nothing") }} {% include "x.html" with title=_('A "title"') %}
"""  # noqa: E501 a template is written in one line where its whitespace counts


def messages(found):
    return [item for item in found if isinstance(item, Message)]


def test_python_messages_are_what_is_called():
    assert set(python_messages("a.py", CODE)) == {
        Message("", "One two", ""),
        Message("", "Lazy", ""),
        Message("", "%(n)s day", "%(n)s days"),
        Message("verb", "Order", ""),
        Message("box", "case", "cases"),
    }


@pytest.mark.parametrize("call", ['_(f"Hello {name}")', '_("Hello " + name)', '_("%s" % name)'])
def test_a_computed_message_is_a_problem(call):
    text = f"from django.utils.translation import gettext as _\n{call}"
    assert list(python_messages("a.py", text)) == ["a.py:2: a message must be one literal text"]


def test_template_messages_are_what_will_be_looked_up():
    assert list(template_messages("a.html", PAGE)) == [
        Message("", "Save", ""),
        Message("window", "Close", ""),
        Message("", "100%% sure", ""),
        Message("", "Hello, %(name)s!", ""),
        Message("list", "%(n)s row", "%(n)s rows"),
        Message("", "nothing", ""),
        Message("", 'A "title"', ""),
    ]


def test_django_finds_each_extracted_message(monkeypatch):
    asked = []
    from django.utils import translation

    for name in ("gettext", "pgettext", "ngettext", "npgettext", "gettext_lazy", "pgettext_lazy"):
        real = getattr(translation, name)
        monkeypatch.setattr(translation, name, lambda *a, _real=real: asked.append(a) or _real(*a))
    monkeypatch.setattr("django.template.base.gettext_lazy", translation.gettext_lazy)
    monkeypatch.setattr("django.template.base.pgettext_lazy", translation.pgettext_lazy)
    page = PAGE.replace('{% include "x.html" with title=_(\'A "title"\') %}', "")
    values = {"a": True, "client": {"name": "«Ромашка»"}, "rows": 5, "variable": ""}
    with override("en"):
        Template(page).render(Context(values))
    looked_up = {text for arguments in asked for text in arguments if isinstance(text, str)}
    for message in template_messages("a.html", page):
        assert message.singular in looked_up


def test_a_broken_template_is_a_problem():
    broken = "{% load i18n %}{% blocktranslate %}{% if %}{% endblocktranslate %}"
    (problem,) = template_messages("a.html", broken)
    assert problem.startswith("a.html: ")


def write(root, name, text):
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


@pytest.fixture
def project(tmp_path):
    write(tmp_path, "crm/a.py", CODE)
    write(tmp_path, "templates/a.html", PAGE)
    return tmp_path


def update(root, **translations):
    path = catalogue.path_of(root)
    current = catalogue.rebuild(catalogue.load(path), extract(root).found)
    for entry in current:
        if entry.msgid_plural:
            given = translations.get(entry.msgid, [f"{entry.msgid} {n}" for n in range(3)])
            entry.msgstr_plural = dict(enumerate(given))
        else:
            entry.msgstr = translations.get(entry.msgid, f"Перевод: {entry.msgid}")
    catalogue.save(current, path)
    return current


def test_a_full_catalogue_has_no_problems(project):
    update(project)
    assert list(problems(project)) == []


def test_rebuilding_keeps_translations_and_drops_what_nobody_asks_for(project):
    update(project, Save="Сохранить")
    write(project, "templates/a.html", "{% load i18n %}{% translate 'Save' %}{% translate 'New' %}")
    current = catalogue.rebuild(catalogue.load(catalogue.path_of(project)), extract(project).found)
    texts = {entry.msgid: entry.msgstr for entry in current}
    assert texts["Save"] == "Сохранить"
    assert texts["New"] == ""
    assert "Close" not in texts


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda root: write(root, "crm/b.py", CODE.replace("Lazy", "Fresh")), "missing: 'Fresh'"),
        (lambda root: write(root, "crm/a.py", ""), "stale: 'Lazy'"),
        (lambda root: update(root, Save=""), "untranslated: 'Save'"),
        (
            lambda root: update(root, **{"%(n)s day": ["%(n)s день", "", "%(n)s дней"]}),
            "untranslated: '%(n)s day'",
        ),
        (
            lambda root: update(root, **{"Hello, %(name)s!": "Здравствуйте!"}),
            "placeholders ['%(name)s'] are lost in the translation of 'Hello, %(name)s!'",
        ),
        (
            lambda root: update(root, Save="Сохранить %(name)s"),
            "placeholders ['%(name)s'] are not in 'Save'",
        ),
        (
            lambda root: catalogue.path_of(root).with_suffix(".mo").write_bytes(b""),
            "django.mo is out of date: run manage.py messages",
        ),
        (
            lambda root: write(root, "deals/a.py", 'title = "Ромашка"'),
            "deals/a.py:1: Russian literal 'Ромашка'",
        ),
        (
            lambda root: write(root, "templates/b.html", "<p>\nПривет</p>"),
            "templates/b.html:2: Russian text in a template",
        ),
        (
            lambda root: write(root, "static/js/a.js", "say('Привет')"),
            "static/js/a.js: Russian text in a script; take it from a data- attribute",
        ),
    ],
)
def test_each_defect_is_reported(project, change, problem):
    update(project)
    change(project)
    assert problem in [found.partition(" (")[0] for found in problems(project)]


def test_a_fuzzy_translation_is_reported(project):
    current = update(project)
    current.find("Save").flags.append("fuzzy")
    catalogue.save(current, catalogue.path_of(project))
    assert "fuzzy: 'Save'" in list(problems(project))


def test_russian_data_may_be_russian(project):
    write(project, "crm/russian.py", 'YO = "ё"')
    write(project, "crm/demo/people.py", 'NAMES = ["Анна"]')
    assert list(russian_literals(project)) == []


def test_two_plurals_of_one_text_are_a_problem():
    found = {Message("", "%(n)s day", "%(n)s days"): [], Message("", "%(n)s day", "days"): []}
    assert len(list(two_plurals(found))) == 1


def test_a_plural_serves_the_same_text_without_a_number():
    found = {Message("", "row", "rows"): ["a.html"], Message("", "row", ""): ["b.html"]}
    assert catalogue.unite(found) == {Message("", "row", "rows"): ["a.html", "b.html"]}


def test_partial_catalogues_fill_gaps_and_never_overwrite(project):
    update(project, Save="Сохранить", Lazy="")
    path = catalogue.path_of(project)
    current = catalogue.rebuild(catalogue.load(path), extract(project).found)
    part = polib.POFile()
    part.append(polib.POEntry(msgid="Lazy", msgstr="Ленивый"))
    part.append(polib.POEntry(msgid="Save", msgstr="Записать"))
    part.append(polib.POEntry(msgid="Nobody", msgstr="Никто"))
    remarks = list(catalogue.fill(current, [("part.po", part)]))
    assert current.find("Lazy").msgstr == "Ленивый"
    assert current.find("Save").msgstr == "Сохранить"
    assert remarks == [
        "part.po: another translation is kept for 'Save'",
        "part.po: nobody asks for 'Nobody'",
    ]
