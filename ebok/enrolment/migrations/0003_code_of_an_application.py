import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('enrolment', '0002_applications'),
    ]

    operations = [
        migrations.RenameField(model_name='activationcode', old_name='application_id', new_name='application'),
        migrations.AlterField(
            model_name='activationcode',
            name='application',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='enrolment.application'),
        ),
    ]
