"""The same pickers and rules as SQL text. Runs nothing; runners/ hands the text to a database."""

from posology.columns.condition import expression
from posology.columns.names import NUMBER, is_given
from posology.columns.query import decide_sql, facts_sql, sql, tables_text
from posology.columns.tables import READINGS, points

__all__ = ["NUMBER", "READINGS", "decide_sql", "expression", "facts_sql", "is_given", "points", "sql", "tables_text"]
