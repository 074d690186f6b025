"""The list of slow tests names tests that are there, and each that it names is left out."""

from tests import costs


def test_every_slow_test_exists():
    """One renamed or dropped leaves no line behind: `make costs` writes the list anew."""
    listed = costs.names()
    files = {name.partition("::")[0] for name in listed}
    gone = [name for name in files if not (costs.SLOW.parent.parent / name).is_file()]
    gone += [n for n in listed if n.partition("::")[0] not in gone and not defined(n)]
    assert not gone
    assert listed == sorted(set(listed))


def defined(name):
    """Whether the file still has a function of this name."""
    path, _, function = name.partition("::")
    text = (costs.SLOW.parent.parent / path).read_text("utf-8")
    return f"def {function.rpartition('::')[2]}(" in text


def test_slow_is_a_long_case_or_many_of_them():
    assert costs.is_slow(cases=1, seconds=0.51)
    assert not costs.is_slow(cases=2, seconds=0.6)
    assert costs.is_slow(cases=400, seconds=4.1)


def test_a_case_belongs_to_its_function():
    assert costs.function_of("tests/a.py::test_b[c::d[0]]") == "tests/a.py::test_b"


def test_what_is_listed_is_marked(request):
    """Among the tests of this run: in `make quick` there are none."""
    listed = set(costs.names())
    unmarked = [
        item.nodeid
        for item in request.session.items
        if costs.function_of(item.nodeid) in listed and not item.get_closest_marker("slow")
    ]
    assert not unmarked
