"""The guard that all insert-only tables share."""

from django.db import migrations

from ebok.foundation.insert_only import guard

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


class Migration(migrations.Migration):
    dependencies = [("billing", "0003_newest_day_of_comparison"), ("foundation", "0002_insert_only")]
    operations = [
        *(guard(table, before="billing_refuse_change") for table in TABLES),
        migrations.RunSQL(["DROP FUNCTION billing_refuse_change()"], [FUNCTION]),
    ]
