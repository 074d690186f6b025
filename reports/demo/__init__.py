"""Demo data: a believable department with 18 months of history ending today.

Deterministic: the same scale and day give the same rows. Rows are copied in bulk; the triggers
of the history see them like any other write.
"""
