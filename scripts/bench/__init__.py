"""`make bench`: pages at full volume against the floor of the same run.

The floor is a bare view with the whole middleware and a signed-in person that renders 25 rows from
three queries. Budgets: p50 at most 4 × the floor's p50, p95 at most 8 × its p95, search and the
composer p95 under 60 ms, at most 12 queries on any page.
"""
