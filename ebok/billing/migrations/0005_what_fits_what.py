"""A contra account fits its kind, a correction has its invoice, a payment lowers what is owed; and what settles
or waits is of one account.
"""

from django.db import migrations, models

ALLOCATION = """
SELECT FROM added
LEFT JOIN billing_ledgerentry AS credit ON credit.id = added.credit_id
LEFT JOIN billing_ledgerentry AS charge ON charge.id = added.charge_id
WHERE credit.id IS NULL OR charge.id IS NULL OR credit.account_id <> charge.account_id
"""
OPEN_ITEM = """
SELECT FROM added
LEFT JOIN billing_ledgerentry AS entry ON entry.id = added.entry_id
WHERE entry.account_id IS DISTINCT FROM added.account_id
"""


def of_one_account(table, wrong, *events):
    function = f"{table}_of_one_account"
    return migrations.RunSQL(
        [
            f"""
            CREATE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql
            -- The plan is kept while the ledger grows: one look-up for each row, however small it was at first.
            SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
            BEGIN
                IF EXISTS ({wrong}) THEN
                    RAISE EXCEPTION 'rows of % join two accounts', TG_TABLE_NAME USING ERRCODE = 'check_violation';
                END IF;
                RETURN NULL;
            END
            $$
            """,
            *(
                f"CREATE TRIGGER of_one_account_{event} AFTER {event} ON {table} REFERENCING NEW TABLE AS added "
                f"FOR EACH STATEMENT EXECUTE FUNCTION {function}()"
                for event in events
            ),
        ],
        [*(f"DROP TRIGGER of_one_account_{event} ON {table}" for event in events), f"DROP FUNCTION {function}()"],
    )


class Migration(migrations.Migration):

    dependencies = [
        ('billing', '0004_shared_guard'),
        ('customers', '0001_initial'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='ledgerentry',
            name='ledger_entry_of_an_invoice',
        ),
        migrations.AddConstraint(
            model_name='ledgerentry',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ['invoice', 'correction']), _negated=True), ('invoice__isnull', False), _connector='OR'), name='ledger_entry_of_an_invoice'),
        ),
        migrations.AddConstraint(
            model_name='ledgerentry',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('contra', 'revenue'), ('kind', 'invoice')), models.Q(('contra', 'revenue'), ('kind', 'correction')), models.Q(('contra', 'bank'), ('kind', 'payment')), models.Q(('contra', 'bank'), ('kind', 'payment_reversal')), models.Q(('contra', 'bank'), ('kind', 'refund')), models.Q(('contra', 'opening'), ('kind', 'opening')), models.Q(('contra', 'interest'), ('kind', 'interest_note')), models.Q(('contra', 'write_off'), ('kind', 'write_off')), models.Q(('contra', 'other'), ('kind', 'other')), _connector='OR'), name='ledger_entry_contra_of_kind'),
        ),
        migrations.AddConstraint(
            model_name='ledgerentry',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'payment'), _negated=True), ('amount__lt', 0), _connector='OR'), name='ledger_entry_payment_lowers'),
        ),
        of_one_account("billing_allocation", ALLOCATION, "INSERT"),
        of_one_account("billing_openitem", OPEN_ITEM, "INSERT", "UPDATE"),
    ]
