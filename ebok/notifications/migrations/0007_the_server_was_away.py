"""A mail server that was away is told apart from one that refused."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('notifications', '0006_states_and_notices'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='deliveryattempt',
            name='delivery_outcome',
        ),
        migrations.AlterField(
            model_name='deliveryattempt',
            name='outcome',
            field=models.CharField(choices=[('sent', 'sent'), ('delivered', 'delivered'), ('temporary', 'temporary'), ('away', 'away'), ('blocked', 'blocked'), ('permanent', 'permanent'), ('bounced', 'bounced'), ('given_up', 'given_up'), ('unreached', 'unreached'), ('expired', 'expired'), ('delayed', 'delayed'), ('relayed', 'relayed')], max_length=16),
        ),
        migrations.AddConstraint(
            model_name='deliveryattempt',
            constraint=models.CheckConstraint(condition=models.Q(('outcome__in', ['sent', 'delivered', 'temporary', 'away', 'blocked', 'permanent', 'bounced', 'given_up', 'unreached', 'expired', 'delayed', 'relayed'])), name='delivery_outcome'),
        ),
    ]
