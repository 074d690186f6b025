"""Migrations that make their tables in one go, and that ours do."""

from django.apps import apps
from django.db import connection, models
from django.db.migrations import AddField, CreateModel
from django.db.migrations.loader import MigrationLoader

from crm.tables_at_once import AtOnce, TablesAtOnce, closed, together

PRODUCT = {"crm", "clients", "deals", "claims", "reports"}
OURS = [one.label for one in apps.get_app_configs() if one.name.split(".")[0] in PRODUCT]


def test_every_initial_migration_makes_its_tables_at_once():
    initial = {
        label: migration
        for (label, _name), migration in MigrationLoader(None).disk_migrations.items()
        if label in OURS and migration.initial
    }
    assert len(initial) > 10
    assert [label for label, one in initial.items() if not isinstance(one, TablesAtOnce)] == []


def test_tables_that_follow_each_other_are_one_operation_and_others_keep_their_place():
    one, two, three = (CreateModel(name, []) for name in ("One", "Two", "Three"))
    field = AddField("one", "number", models.IntegerField(null=True))
    first, middle, last = together([one, two, field, three])
    assert isinstance(first, AtOnce)
    assert (first.operations, middle, last.operations) == ([one, two], field, [three])


def test_tables_of_others_are_made_before_ours():
    """Each of their migrations builds all models anew that it finds."""
    graph = MigrationLoader(None).graph
    order = [key for leaf in graph.leaf_nodes() for key in graph.forwards_plan(leaf)]
    labels = [label for label, _name in dict.fromkeys(order) if label != "accounts"]
    assert labels == sorted(labels, key=OURS.__contains__)


def test_only_models_that_the_tables_refer_to_are_built():
    state = MigrationLoader(None).project_state()
    built = closed(state, [("notices", "notice")])
    assert {("notices", "notice"), ("accounts", "user"), ("accounts", "orgunit")} <= built.keys()
    assert not {label for label, _name in built} & {"clients", "deals", "claims", "reports"}


def test_every_table_has_the_columns_of_its_model(db):
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            if not model._meta.managed or model._meta.proxy:
                continue
            table = model._meta.db_table
            found = connection.introspection.get_table_description(cursor, table)
            columns = {field.column for field in model._meta.local_concrete_fields}
            assert {column.name for column in found} == columns, table
