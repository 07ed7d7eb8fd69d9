"""What the bank said, and what a movement became, never changes: a trigger refuses UPDATE and DELETE."""

from django.db import migrations

TABLES = ("payments_bankstatement", "payments_statementmovement", "payments_matchedmovement")

FUNCTION = """
CREATE FUNCTION payments_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is insert-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END
$$
"""


def guard(table: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        [
            f"CREATE TRIGGER insert_only_rows BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION payments_refuse_change()"
        ],
        [f"DROP TRIGGER insert_only_rows ON {table}"],
    )


class Migration(migrations.Migration):
    dependencies = [("payments", "0001_initial")]
    operations = [
        migrations.RunSQL([FUNCTION], ["DROP FUNCTION payments_refuse_change()"]),
        *(guard(table) for table in TABLES),
    ]
