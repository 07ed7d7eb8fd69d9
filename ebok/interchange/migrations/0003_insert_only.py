"""What was taken stays counted: the guard that all insert-only tables share."""

from django.db import migrations

from ebok.foundation.insert_only import guard


class Migration(migrations.Migration):
    dependencies = [("interchange", "0002_parked_invoices"), ("foundation", "0002_insert_only")]
    operations = [guard("interchange_takenrows")]
