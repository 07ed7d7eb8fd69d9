"""The guard that all insert-only tables share: it refuses TRUNCATE too."""

from django.db import migrations

from ebok.foundation.insert_only import guard

TABLES = (
    "payments_bankstatement",
    "payments_statementmovement",
    "payments_matchedmovement",
)
FUNCTION = """
CREATE FUNCTION payments_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is insert-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END
$$
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0002_insert_only"), ("foundation", "0002_insert_only")]
    operations = [
        # On the way back no trigger on the whole table may stay: there was none.
        *(
            migrations.RunSQL(migrations.RunSQL.noop, [f"DROP TRIGGER insert_only_table ON {table}"])
            for table in TABLES
        ),
        *(guard(table, before="payments_refuse_change") for table in TABLES),
        migrations.RunSQL(["DROP FUNCTION payments_refuse_change()"], [FUNCTION]),
    ]
