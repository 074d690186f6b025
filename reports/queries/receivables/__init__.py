"""Receivables: ageing, turnover, discipline of payment, receipts to come, promises (DL-11)."""
