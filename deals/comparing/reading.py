"""A client's statement of mutual settlements from the file that they sent (DL-12, D.3, REC-2)."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from crm.imports.reading import Limits, Unreadable
from deals.comparing.columns import Half, find_header, is_of
from deals.comparing.grid import Grid, grids
from deals.comparing.operations import has_amounts, operations
from deals.comparing.records import Remark, Statement


def read_statement(
    content: bytes,
    *,
    limits: Limits,
    names: Sequence[str] = (),
    our_names: Sequence[str] = (),
) -> Statement:
    """The statement as the file has it; CSV, XLSX or a PDF with text.

    Of an act with two halves the client's is read: the one that carries one of their `names`, or
    none of ours, else the right one; the left one where the right one is empty. Raises Unreadable
    with the reason, nothing else.
    """
    for grid in grids(content, limits):
        found = find_header(grid)
        if found is not None:
            return _read(grid, *found, names, our_names)
    raise Unreadable(
        _("No table was found: no row names the columns of debit and credit of a statement.")
    )


def _read(
    grid: Grid, at: int, halves: list[Half], names: Sequence[str], our_names: Sequence[str]
) -> Statement:
    rows = grid.rows[at + 1 :]
    filled = [half for half in halves if has_amounts(half, rows)]
    if not filled:
        raise Unreadable(_("The statement has no amounts."))
    half = _theirs(filled, names, our_names)
    warnings = []
    if len(halves) > 1:
        only_ours = len(filled) == 1 and (is_of(half, our_names) or half is halves[0])
        only_ours = only_ours and not is_of(half, names)
        code = "half_empty" if only_ours else "half_of"
        warnings.append(Remark(code, {"of": half.of or (halves.index(half) + 1)}))
    return operations(rows, grid.places[at + 1 :], half, halves[0], warnings)


def _theirs(halves: list[Half], names: Sequence[str], our_names: Sequence[str]) -> Half:
    for half in halves:
        if is_of(half, names):
            return half
    others = [half for half in halves if not is_of(half, our_names)]
    return (others or halves)[-1]
