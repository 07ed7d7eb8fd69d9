"""A held reading waits beside the one that stands; and readings, with what became of them, cannot be removed."""

from django.db import migrations, models
from django.db.models import Q

from ebok.foundation.insert_only import guard

FUNCTION = """
CREATE FUNCTION metering_refuse_reading_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.id, NEW.meter_id, NEW.read_on, NEW.value_m3, NEW.source, NEW.submitted_at, NEW.client_uuid,
        NEW.submitted_by, NEW.declared_reason, NEW.note)
       IS DISTINCT FROM
       (OLD.id, OLD.meter_id, OLD.read_on, OLD.value_m3, OLD.source, OLD.submitted_at, OLD.client_uuid,
        OLD.submitted_by, OLD.declared_reason, OLD.note)
       OR OLD.superseded_by_id IS NOT NULL
    THEN
        RAISE EXCEPTION 'a meter reading never changes; write one that supersedes it';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER meter_reading_never_changes BEFORE UPDATE ON metering_meterreading
    FOR EACH ROW EXECUTE FUNCTION metering_refuse_reading_change();
"""
DROP = """
DROP TRIGGER meter_reading_never_changes ON metering_meterreading;
DROP FUNCTION metering_refuse_reading_change();
"""
NAME = "meter_reading_one_current"


class Migration(migrations.Migration):
    dependencies = [("metering", "0002_readings_never_change"), ("foundation", "0002_insert_only")]
    operations = [
        migrations.AddField(
            model_name="meterreading",
            name="beside",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.RemoveConstraint(model_name="meterreading", name=NAME),
        migrations.AddConstraint(
            model_name="meterreading",
            constraint=models.UniqueConstraint(
                condition=Q(superseded_by__isnull=True), fields=("meter", "read_on", "source", "beside"), name=NAME
            ),
        ),
        migrations.RunSQL(DROP, FUNCTION),
        guard("metering_meterreading", once="superseded_by_id"),
        guard("metering_readinghold"),
        guard("metering_readingacceptance"),
        guard("metering_readingrejection"),
    ]
