"""How much of its page a view draws while the matrix asks: all, its own middle, or nothing."""

from contextlib import contextmanager
from copy import copy
from functools import cache

from django.template import engines
from django.template.backends.django import Template
from django.template.base import NodeList
from django.template.loader_tags import BlockNode, ExtendsNode

FRAME = "base.html"
REFUSALS = ("403.html", "404.html")


@cache
def middle():
    """The frame of all pages without what it says itself: every block, nothing between them."""
    found = copy(engines["django"].get_template(FRAME).template)
    found.nodelist = NodeList(found.nodelist.get_nodes_by_type(BlockNode))
    return found


@contextmanager
def frame_once(drawn=None):
    """Pages draw what is theirs; the frame only at a place, and for a role, not yet among `drawn`.

    It depends on nothing else: what it says of a person or an address stands in its slots.
    Without `drawn` no frame is drawn.
    """
    found = ExtendsNode.get_parent

    def parent(self, context):
        above = found(self, context)
        return above if above.name != FRAME or is_new(context["shell"]) else middle()

    def is_new(shell):
        if drawn is None:
            return False
        of_frame = {shell.same_for, ("place", *shell.place)} - drawn
        drawn.update(of_frame)
        return bool(of_frame)

    ExtendsNode.get_parent = parent
    try:
        yield
    finally:
        ExtendsNode.get_parent = found


@contextmanager
def undrawn(*names):
    """Views decide and read; their templates (or only those named) say nothing."""
    found = Template.render

    def render(self, context=None, request=None):
        silent = not names or self.template.name in names
        return "" if silent else found(self, context, request)

    Template.render = render
    try:
        yield
    finally:
        Template.render = found


def refusals_undrawn():
    """The pages of refusal, which are the same at every address, say nothing."""
    return undrawn(*REFUSALS)
