"""The quicker register of triggers refuses what pgtrigger's own does."""

import pgtrigger
import pytest
from pgtrigger.registry import _registry

from clients.models import Client, Outlet
from crm import trigger_names


def named(name, **more):
    return pgtrigger.Trigger(
        name=name, when=pgtrigger.Before, operation=pgtrigger.Update, func="RETURN NEW;", **more
    )


def test_names_are_those_of_every_trigger_and_of_no_other():
    def own():
        return {trigger.get_pgid(model) for model, trigger in _registry.values()}

    before = _registry.pg_function_names
    assert before == own()
    assert len(before) > 500
    with named("of_a_moment").register(Client):
        assert _registry.pg_function_names == own() != before
    assert _registry.pg_function_names == before


def test_a_name_that_the_table_has_is_refused():
    with named("of_a_moment").register(Client):
        with pytest.raises(KeyError, match="already used for model"):
            named("of_a_moment", declare=[("one", "integer")]).register(Client)


def test_a_function_that_another_trigger_has_is_refused():
    class Namesake(pgtrigger.Trigger):
        def get_pgid(self, model):
            return taken

    with named("of_a_moment").register(Client):
        taken = named("of_a_moment").get_pgid(Client)
        with pytest.raises(KeyError, match="already in use"):
            Namesake(
                name="of_another",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func="RETURN NEW;",
            ).register(Outlet)


def test_pgtrigger_asks_for_the_quick_ones():
    """What an update of pgtrigger would turn off without a word."""
    register = type(_registry)
    assert register.pg_function_names.fget is trigger_names.function_names
    assert register.by_db_table.fget is trigger_names.by_table
