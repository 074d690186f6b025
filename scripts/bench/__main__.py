"""Build the volume once, serve, measure, print a table and write JSON."""

from __future__ import annotations

import json
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from scripts.bench.measuring import Result, measure
from scripts.bench.server import memory_of_workers, prepare_environment, serving, signed_in

MOST_QUERIES = 12
LINE = "{:36} {:>8} {:>8} {:>7} {:>7} {:>8} {:>8} {:>8}  {}"


def main() -> int:
    """0 when every page is within its budget."""
    prepare_environment()
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connections

    from crm.work.management.commands.prepare_database import rebuild_sparse_indexes

    scale = os.environ.get("BENCH_SCALE", "company")
    call_command("prepare_database", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    call_command("demo", scale=scale, if_empty=True)
    with connections["owner"].cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")
        rebuild_sparse_indexes(cursor)  # as every preparation does, which came before the filling
    with serving() as (base, pid):
        results = _measure_all(base)
        memory = memory_of_workers(pid)
    from scripts.bench.work import measured

    work = measured() if len(sys.argv) == 1 or "work" in sys.argv else []
    return _report(results, memory, scale, work)


def _measure_all(base: str) -> list[tuple[Result, float | None]]:
    from scripts.bench.pages import get, pages

    times = int(os.environ.get("BENCH_TIMES", "100"))
    seconds = float(os.environ.get("BENCH_SECONDS", "4"))
    floor = measure(
        "floor", get("/floor/"), lambda: signed_in(base, "director"), times=times, seconds=seconds
    )
    results: list[tuple[Result, float | None]] = [(floor, None)]
    wanted = sys.argv[1:]
    for page in pages():
        if not wanted or any(word in page.name for word in wanted):
            login = page.login
            result = measure(
                page.name,
                page.request,
                lambda login=login: signed_in(base, login),
                times=times,
                seconds=seconds,
            )
            results.append((result, page.p95_limit))
            print(f"  {result.name}: {result.p50} ms", file=sys.stderr)
    return results


def _row(result: Result, floor: Result, limit: float | None) -> dict[str, Any]:
    """Print a page beside the floor; the same for JSON."""
    ratio50, ratio95 = result.p50 / floor.p50, result.p95 / floor.p95
    faults = _faults(result, limit, ratio50, ratio95)
    ratios = (f"{ratio50:.1f}", f"{ratio95:.1f}")
    rest = (result.per_second, result.queries, result.kilobytes, ", ".join(faults))
    print(LINE.format(result.name, result.p50, result.p95, *ratios, *rest))
    more = {"ratio_p50": round(ratio50, 2), "ratio_p95": round(ratio95, 2), "over": faults}
    return {**result.row(), **more}


def _report(
    results: list[tuple[Result, float | None]],
    memory: list[float],
    scale: str,
    work: list[dict[str, Any]],
) -> int:
    floor, over = results[0][0], sum(row["over"] for row in work)
    print(LINE.format("page", "p50 ms", "p95 ms", "x p50", "x p95", "req/s", "queries", "kB", ""))
    rows = [_row(result, floor, limit) for result, limit in results]
    over += sum(bool(row["over"]) for row in rows)
    print("RSS per worker, MB:", ", ".join(map(str, memory)))
    moment = datetime.now(UTC)
    name = Path(os.environ.get("VAR_DIR", "var"), f"bench-{moment:%Y%m%d-%H%M%S}.json")
    facts = {
        "at": moment.isoformat(),
        "scale": scale,
        "memory_mb": memory,
        "pages": rows,
        "work": work,
    }
    name.write_text(json.dumps(facts, ensure_ascii=False, indent=1), encoding="utf-8")
    print(f"Written to {name}. Over their budget: {over}.")
    return 1 if over else 0


def _faults(result: Result, limit: float | None, ratio50: float, ratio95: float) -> list[str]:
    """Which budgets the page breaks."""
    faults = []
    if ratio50 > 4:
        faults.append("p50")
    if ratio95 > 8:
        faults.append("p95")
    if limit is not None and result.p95 > limit:
        faults.append(f"p95 > {limit:.0f} ms")
    if result.queries > MOST_QUERIES:
        faults.append("queries")
    return faults


if __name__ == "__main__":
    sys.exit(main())
