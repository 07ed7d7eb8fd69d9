"""Of an account's comparisons the newest day speaks: the index goes by day."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0002_insert_only"),
        ("customers", "0001_initial"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="balancecomparison",
            name="comparison_latest_first",
        ),
        migrations.AddIndex(
            model_name="balancecomparison",
            index=models.Index(
                models.F("account"),
                models.OrderBy(models.F("as_of"), descending=True),
                models.OrderBy(models.F("id"), descending=True),
                name="comparison_newest_day_first",
            ),
        ),
    ]
