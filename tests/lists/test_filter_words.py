"""The panels of all lists: a filter that narrows nothing says so, whatever its field is."""

import re

from django.test import RequestFactory
from django.urls import get_resolver

from crm.lists import ListSpec
from crm.lists.filtering import panel_form

EMPTY = re.compile(r'<option value="(?:|unknown)"[^>]*>\s*([^<]*?)\s*</option>')


def specs(module):
    """The lists that stand in a module of the product."""
    return [one for one in vars(module).values() if isinstance(one, ListSpec) and one.filters]


def lists_of_the_product():
    """Whatever the views of the product have loaded."""
    import sys

    assert get_resolver().url_patterns
    packages = ("crm.", "clients.", "deals.", "claims.", "reports.")
    modules = [module for name, module in sys.modules.items() if name.startswith(packages)]
    return {one.name: one for module in modules for one in specs(module)}


def test_every_select_of_every_list_says_any_for_nothing(cast):
    request, seen = RequestFactory().get("/"), 0
    request.user = cast.admin
    found = lists_of_the_product()
    assert len(found) > 40
    for name, spec in found.items():
        for asked in ({}, {"q": ["x"]}):  # the panel as it opens, and beside other filters
            form = panel_form(spec, request, spec.model._default_manager.all(), asked)
            for field in form:
                words = EMPTY.findall(str(field))
                assert set(words) <= {"Неважно"}, (name, field.name, words)
                seen += len(words)
    assert seen > 150
