"""The register of triggers, quicker: pgtrigger looks at all triggers with each that is added.

Every process registers some seven hundred when it starts, and spends a third of its start on
working out names that it has worked out before. Imported by crm.history, before any of them.
"""

from typing import Any

from pgtrigger import registry

_names: dict[str, str] = {}  # by «app.Model:trigger»: a name is made of nothing else


def function_names(triggers: Any) -> set[str]:
    """Names of the functions of all registered triggers."""
    for key, (model, trigger) in triggers.data.items():
        if key not in _names:
            _names[key] = trigger.get_pgid(model)
    return {_names[key] for key in triggers.data}


def by_table(triggers: Any) -> dict[tuple[str, str], Any]:
    """The registered triggers by table and name."""
    return {(model._meta.db_table, one.name): one for model, one in triggers.data.values()}


# Properties there too, which mypy takes for methods.
registry._Registry.pg_function_names = property(function_names)  # type: ignore[method-assign, assignment]
registry._Registry.by_db_table = property(by_table)  # type: ignore[method-assign, assignment]
