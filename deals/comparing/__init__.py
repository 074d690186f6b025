"""Comparing our act with the statement that the client sent, line by line (DL-12, REC-2).

    statement = read_statement(content, limits=limits(), names=[client.name], our_names=[us])
    seen = from_our_side(statement, ours, opening=act.opening, closing=act.closing)
    found = compare(ours, seen.lines, days=3, period=(act.date_from, act.date_to))
    sentence(found.missing_with_us[0].suggestion)

Nothing here knows tables, people or settings: `ours` are rows of an act given as `Line`s.
"""
