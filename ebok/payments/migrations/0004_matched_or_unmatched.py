"""A movement became an entry or waits: triggers refuse that it does both."""

from django.db import migrations

MATCHED, UNMATCHED = "payments_matchedmovement", "payments_unmatchedmovement"


def never_both(table: str, other: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        [
            f"""
            CREATE FUNCTION {table}_not_both() RETURNS trigger LANGUAGE plpgsql
            -- The plan is kept while the tables grow: one look-up for each row, however small they were at first.
            SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
            BEGIN
                IF EXISTS (SELECT FROM added JOIN {other} USING (movement_id)) THEN
                    RAISE EXCEPTION 'a movement cannot be both matched and unmatched' USING ERRCODE = 'check_violation';
                END IF;
                RETURN NULL;
            END
            $$
            """,
            f"CREATE TRIGGER matched_or_unmatched AFTER INSERT ON {table} REFERENCING NEW TABLE AS added "
            f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_not_both()",
        ],
        [f"DROP TRIGGER matched_or_unmatched ON {table}", f"DROP FUNCTION {table}_not_both()"],
    )


class Migration(migrations.Migration):
    dependencies = [("payments", "0003_shared_guard")]
    operations = [never_both(MATCHED, UNMATCHED), never_both(UNMATCHED, MATCHED)]
