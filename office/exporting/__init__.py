"""Everything of one organisation as one zip: a CSV file for each table, a manifest, and what they mean."""

from office.exporting.registry import TABLES, Table
from office.exporting.writing import export

__all__ = ["TABLES", "Table", "export"]
