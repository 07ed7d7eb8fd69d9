"""Tables whose rows are only ever added: the mark on their models, their triggers, and where a trigger is missing."""

from typing import Final

from django.apps import apps
from django.db import migrations, models

from ebok.foundation.bulk import tables_with_trigger

ROWS: Final = "insert_only_rows"
TABLE: Final = "insert_only_table"


class InsertOnly(models.Model):
    """The mark of an insert-only table. A migration of its room gives it the triggers (`guard`)."""

    class Meta:
        abstract = True


def unguarded_tables() -> list[tuple[str, str]]:
    """Return each insert-only table that misses a trigger, or has it switched off, with the trigger's name."""
    tables = sorted(model._meta.db_table for model in apps.get_models() if issubclass(model, InsertOnly))
    return [(table, name) for name in (ROWS, TABLE) for table in tables if table not in tables_with_trigger(name)]


def guard(table: str, *, once: str = "", before: str = "") -> migrations.RunSQL:
    """Make PostgreSQL refuse UPDATE, DELETE and TRUNCATE of a table; for migrations after foundation's 0002.

    `once` is a column that may be set while it is empty. `before` is the function that guarded the table
    until now under the same names of triggers: the way back is to it.
    """
    dropped = tuple(f"DROP TRIGGER {name} ON {table}" for name in (ROWS, TABLE))
    way_back = _triggers(table, before) if before else dropped
    return migrations.RunSQL(_triggers(table, "foundation_refuse_change", once), way_back)


def _triggers(table: str, function: str, once: str = "") -> tuple[str, ...]:
    argument = f"'{once}'" if once else ""
    return (
        f"CREATE OR REPLACE TRIGGER {ROWS} BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {function}({argument})",
        f"CREATE OR REPLACE TRIGGER {TABLE} BEFORE TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {function}()",
    )
