"""A reading's fact never changes: only the link to what supersedes it may be set."""

from django.db import migrations

FORWARD = """
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
BACKWARD = """
DROP TRIGGER meter_reading_never_changes ON metering_meterreading;
DROP FUNCTION metering_refuse_reading_change();
"""


class Migration(migrations.Migration):
    dependencies = [("metering", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
