"""Why the document of an invoice could not be made."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("billing", "0006_printed_accounts"), ("einvoicing", "0002_runs_and_failures")]

    operations = [
        migrations.CreateModel(
            name="DocumentTrouble",
            fields=[
                (
                    "invoice",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="billing.invoice",
                    ),
                ),
                ("words", models.CharField(max_length=500)),
                ("since", models.DateTimeField()),
                ("again_at", models.DateTimeField()),
            ],
        )
    ]
