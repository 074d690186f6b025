"""What importers call after they have written payments.

    result = match_payments(ids, by=job.author)      # matched, unmatched, refunds, spread …

Payments come in with the state "client unknown" and without a client, whatever their direction;
transfers between own accounts have their kind already and are left alone.
"""

from deals.actions.matching import MatchResult, match_payments, spread_advances

__all__ = ["MatchResult", "match_payments", "spread_advances"]
