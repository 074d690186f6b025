"""Reading of uploaded tables: CSV and XLSX become rows of text, anything else a clear refusal."""

from crm.imports.reading.files import read_long_table, read_sheets, read_table, refuse_by_size
from crm.imports.reading.headers import header_key
from crm.imports.reading.long_lines import columns_of
from crm.imports.reading.table import Limits, Line, Table, Unreadable

__all__ = [
    "Limits",
    "Line",
    "Table",
    "Unreadable",
    "columns_of",
    "header_key",
    "read_long_table",
    "read_sheets",
    "read_table",
    "refuse_by_size",
]
