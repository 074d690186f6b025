"""Whether what has a last day was done by it (III.14, III.16, III.17, L254–260).

A kind of terms is one file in `kinds/`; it is found there, so that a new one adds nothing but its
file. `figures.py` counts all kinds in one query, `rows.py` shows what stands behind a number.
"""
