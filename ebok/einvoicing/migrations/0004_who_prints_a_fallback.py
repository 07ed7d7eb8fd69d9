"""Who prints what goes on paper after all: for those there are, whoever prints now."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("einvoicing", "0003_document_troubles")]

    operations = [
        migrations.AddField(
            model_name="paperfallback",
            name="carried_by",
            field=models.CharField(
                max_length=8, choices=[("ebok", "ebok"), ("billing", "billing")], default=settings.EBOK_PRINT
            ),
            preserve_default=False,
        ),
        migrations.AddConstraint(
            model_name="paperfallback",
            constraint=models.CheckConstraint(
                condition=models.Q(("carried_by__in", ["ebok", "billing"])), name="fallback_carrier"
            ),
        ),
    ]
