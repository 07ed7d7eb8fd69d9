"""The guard that all insert-only tables share: it refuses TRUNCATE too."""

from django.db import migrations

from ebok.foundation.insert_only import guard

TABLES = ("audit_auditrow", "audit_auditseal")
FUNCTION = """
CREATE FUNCTION audit_insert_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are insert-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$
"""


def drop_old(table: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        [f"DROP TRIGGER {table}_insert_only ON {table}"],
        [
            f"CREATE TRIGGER {table}_insert_only BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION audit_insert_only()"
        ],
    )


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial"), ("foundation", "0002_insert_only")]
    operations = [
        *(guard(table) for table in TABLES),
        *(drop_old(table) for table in TABLES),
        migrations.RunSQL(["DROP FUNCTION audit_insert_only()"], [FUNCTION]),
    ]
