"""The kinds of file and their columns; headers are those of the registers and the sample workbooks."""

from recommender.exchange.tables.registry import TABLES, table_of

__all__ = ["TABLES", "table_of"]
