"""What is issued or posted never changes: triggers refuse UPDATE, DELETE and TRUNCATE (I2)."""

from django.db import migrations

TABLES = (
    "billing_invoice",
    "billing_invoicecorrection",
    "billing_suppliedpdf",
    "billing_ksefregistration",
    "billing_ledgerentry",
    "billing_allocation",
    "billing_balancecomparison",
    "billing_paidbystatement",
)

FUNCTION = """
CREATE FUNCTION billing_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is insert-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END
$$
"""


def guard(table: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        [
            f"CREATE TRIGGER insert_only_rows BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION billing_refuse_change()",
            f"CREATE TRIGGER insert_only_table BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION billing_refuse_change()",
        ],
        [f"DROP TRIGGER insert_only_rows ON {table}", f"DROP TRIGGER insert_only_table ON {table}"],
    )


class Migration(migrations.Migration):
    dependencies = [("billing", "0001_initial")]
    operations = [
        migrations.RunSQL([FUNCTION], ["DROP FUNCTION billing_refuse_change()"]),
        *(guard(table) for table in TABLES),
    ]
