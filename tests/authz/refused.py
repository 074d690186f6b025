"""What an answer shows of a refused form: each sentence beside its field, and what was typed."""

import re
from collections import defaultdict
from contextlib import contextmanager

from django.core.exceptions import NON_FIELD_ERRORS
from django.forms import BaseForm
from lxml import html

from crm.shell.wording import of_unseen

CONTROLS = ("input", "select", "textarea")
UNSENT = {"submit", "button", "reset", "image", "file", "hidden", "password"}
UNTYPED = re.compile(r"[\x00-\x1f\x7f-\x9f\ufffe\uffff]")  # no page can show them
# Sentences that Django has for forms that say nothing themselves, and what no person reads.
NOT_OURS = re.compile(
    r"Обязательное поле|Выберите корректный|Убедитесь|Введите правильн|неверным значением"
    r"|Значение должно|This field|Ensure|Select a valid|Enter a valid|Введите число"
    r"|Decimal\(|datetime\.|\['|\{'|None\b|<[A-Z]\w+:"
)


def complaints(wrong, typed, answer):
    """What a person would miss in the answer to what was typed; `wrong` found mistakes in it."""
    forms = [form for form in wrong if form.errors]
    if not forms:
        return []
    seen = Seen(answer.content.decode())
    found = [f"unclear {one}" for form in forms for one in unclear(form)]
    found += [f"unsaid {one}" for form in forms for one in unsaid(form, seen)]
    return found + [f"lost {name}" for name in typed if is_lost(name, typed[name], seen)]


def complaints_of_page(wrong, answer):
    """What an address that is not understood leaves unsaid; a list names the filter and why."""
    forms = [form for form in wrong if form.errors]
    if not forms or not answer.content or b'class="error-page' in answer.content:
        return []  # nothing for scripts, which say themselves that they were refused
    seen = Seen(answer.content.decode())
    return [one for form in forms for one in (*unclear(form), *unsaid_anywhere(form, seen))]


@contextmanager
def noted_forms():
    """The forms that found something wrong meanwhile."""
    found, add = [], BaseForm.add_error

    def add_error(self, field, error):
        if self not in found:
            found.append(self)
        add(self, field, error)

    BaseForm.add_error = add_error
    try:
        yield found
    finally:
        BaseForm.add_error = add


class Seen:
    """What a reader finds in an answer."""

    def __init__(self, text):
        root = html.document_fromstring(f"<meta charset=utf-8>{text}<p>")
        self.controls, self.beside = defaultdict(list), defaultdict(str)
        for one in root.iter(*CONTROLS):
            self.controls[one.get("name")].append(one)
        self.by_id = {one.get("id"): one for one in root.iterfind(".//*[@id]")}
        self.lists = [words(one) for one in root.iterfind(".//*[@role]") if tells(one)]
        self.lists += [words(one) for one in root.find_class("invalid-feedback")]
        for one in root.iterfind(".//*[@aria-describedby]"):
            self._note(one)

    def _note(self, described):
        """What is said beside a control, or beside each of a group."""
        for name in described.get("aria-describedby").split():
            if name in self.by_id:
                told = words(self.by_id[name])
                self.beside[f"#{name}"] = told
                for control in described.iter(*CONTROLS):
                    self.beside[control.get("name")] += told

    def is_said(self, sentence):
        """Anywhere among what is wrong."""
        return any(sentence in said for said in self.lists)


def tells(element):
    return element.get("role") in {"alert", "status"}


def words(element):
    return squeezed(element.text_content())


def squeezed(text):
    return " ".join(UNTYPED.sub("", text).split())


def unclear(form):
    """Sentences that are not ours or none at all."""
    said = {str(one) for each in form.errors.values() for one in each}
    return sorted(one for one in said if NOT_OURS.search(one) or not one.endswith((".", "?", ":")))


def unsaid_anywhere(form, seen):
    """Sentences of the form that the page does not say at all."""
    said = (squeezed(str(one)) for errors in form.errors.values() for one in errors)
    return [one for one in said if not seen.is_said(one)]


def unsaid(form, seen):
    """What the form found wrong and the answer does not say at its place."""
    hidden = {field.name for field in form.hidden_fields()}
    for name, errors in form.errors.items():
        for sentence in map(squeezed, errors):
            if name in hidden or name == NON_FIELD_ERRORS:
                expected = [sentence, *map(squeezed, of_unseen(form))]
                if not any(map(seen.is_said, expected)):
                    yield f"{name}: {sentence}"
            elif sentence not in seen.beside[form[name].html_name]:
                group = f"#{form[name].auto_id}_error"  # of one that offers nothing
                if sentence not in seen.beside[group]:
                    yield f"{name}: {sentence}"


def is_lost(name, value, seen):
    """Whether it was typed into a control that shows it no more."""
    shown = [one for one in seen.controls[name] if can_be_typed(one)]
    if not shown or not isinstance(value, str) or "\0" in value:
        return False
    return not any(holds(one, value) for one in shown) and is_offered(shown, value)


def can_be_typed(control):
    return control.get("type") not in UNSENT and not {"disabled", "readonly"} & {*control.keys()}


def holds(control, value):
    """Whether the control shows the value."""
    if control.tag == "select":
        chosen = control.iterfind(".//option[@selected]")
        return value in [one.get("value", "") for one in chosen] or not value
    if control.get("type") in {"checkbox", "radio"}:
        return control.get("value", "on") == value and control.get("checked") is not None
    typed = control.text_content() if control.tag == "textarea" else control.get("value", "")
    return squeezed(typed) == squeezed(value)


def is_offered(shown, value):
    """Whether a person can have chosen it: a list holds only what it offers."""
    offered = set()
    for one in shown:
        if one.tag == "select":
            offered |= {option.get("value", "") for option in one.iter("option")}
        elif one.get("type") in {"checkbox", "radio"}:
            offered.add(one.get("value", "on"))
        else:
            return True
    return value in offered
