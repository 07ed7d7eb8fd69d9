"""Where a message stands: states told apart, what a run has in hand, notices that come back."""

import django.db.models.deletion
from django.db import migrations, models

from ebok.foundation.insert_only import ROWS, guard

ATTEMPTS = "notifications_deliveryattempt"


def renamed(before: str, after: str) -> list[str]:
    """What a server's 250 was called; the guard of the rows is off for this one statement."""
    return [
        f"ALTER TABLE {ATTEMPTS} DISABLE TRIGGER {ROWS}",
        f"UPDATE {ATTEMPTS} SET outcome = '{after}' WHERE outcome = '{before}'",
        f"ALTER TABLE {ATTEMPTS} ENABLE TRIGGER {ROWS}",
    ]


COUNT = """
UPDATE notifications_outgoingmessage AS m SET tries = a.tries, last_outcome = a.last
FROM (
    SELECT message_id, count(*) AS tries, (array_agg(outcome ORDER BY number DESC))[1] AS last
    FROM notifications_deliveryattempt GROUP BY message_id
) AS a
WHERE a.message_id = m.id
"""

# One statement, one round trip: a bill day has tens of thousands of them. A run that comes late never has a message
# sent again that another has concluded. For a message of a group the commit does not wait for the disk: it survives
# the death of our process; after that of the database the last half second of messages is sent again, none is lost.
CONCLUDE = """
CREATE FUNCTION notifications_conclude(
    concluded bigint, ended text, said text, ended_at timestamptz, again timestamptz, told jsonb
) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    done integer;
    bulk bigint;
BEGIN
    UPDATE notifications_outgoingmessage SET
        last_outcome = CASE WHEN due_at IS NULL AND ended <> 'sent' THEN last_outcome ELSE ended END,
        due_at = CASE WHEN due_at IS NULL THEN NULL ELSE again END,
        claimed_at = NULL, context = COALESCE(told, context), tries = tries + 1
    WHERE id = concluded RETURNING tries, group_id INTO STRICT done, bulk;
    INSERT INTO notifications_deliveryattempt (message_id, number, at, outcome, words)
    VALUES (concluded, done, ended_at, ended, said);
    IF bulk IS NULL THEN
        RETURN false;
    END IF;
    PERFORM set_config('synchronous_commit', 'off', true);
    RETURN EXISTS (SELECT FROM notifications_messagegroup WHERE id = bulk AND held_at IS NOT NULL);
END $$
"""


class Migration(migrations.Migration):

    dependencies = [
        ('notifications', '0005_groups'),
    ]

    operations = [
        migrations.CreateModel(
            name='TakenNotice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sha256', models.BinaryField(max_length=32, unique=True)),
                ('taken_at', models.DateTimeField()),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.RemoveConstraint(
            model_name='deliveryattempt',
            name='delivery_outcome',
        ),
        migrations.RunSQL(renamed("delivered", "sent"), renamed("sent", "delivered")),
        migrations.RemoveIndex(
            model_name='outgoingmessage',
            name='outgoing_message_due',
        ),
        migrations.AddField(
            model_name='outgoingmessage',
            name='claimed_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='outgoingmessage',
            name='last_outcome',
            field=models.CharField(blank=True, default='', max_length=16),
        ),
        migrations.AddField(
            model_name='outgoingmessage',
            name='tries',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.RunSQL(COUNT, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name='deliveryattempt',
            name='outcome',
            field=models.CharField(choices=[('sent', 'sent'), ('delivered', 'delivered'), ('temporary', 'temporary'), ('blocked', 'blocked'), ('permanent', 'permanent'), ('bounced', 'bounced'), ('given_up', 'given_up'), ('expired', 'expired'), ('delayed', 'delayed'), ('relayed', 'relayed')], max_length=16),
        ),
        migrations.AddIndex(
            model_name='deliveryattempt',
            index=models.Index(fields=['at'], name='delivery_attempt_at'),
        ),
        migrations.AddIndex(
            model_name='outgoingmessage',
            index=models.Index(condition=models.Q(('due_at__isnull', False), ('group__isnull', True)), fields=['due_at', 'id'], name='outgoing_due'),
        ),
        migrations.AddIndex(
            model_name='outgoingmessage',
            index=models.Index(condition=models.Q(('due_at__isnull', False), ('group__isnull', False)), fields=['due_at', 'id'], name='outgoing_bulk_due'),
        ),
        migrations.AddIndex(
            model_name='outgoingmessage',
            index=models.Index(condition=models.Q(('due_at__isnull', False), ('group__isnull', False)), fields=['thread', 'id'], name='outgoing_threads'),
        ),
        migrations.AddConstraint(
            model_name='deliveryattempt',
            constraint=models.CheckConstraint(condition=models.Q(('outcome__in', ['sent', 'delivered', 'temporary', 'blocked', 'permanent', 'bounced', 'given_up', 'expired', 'delayed', 'relayed'])), name='delivery_outcome'),
        ),
        migrations.AddField(
            model_name='takennotice',
            name='message',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='notices', to='notifications.outgoingmessage'),
        ),
        guard("notifications_takennotice"),
        migrations.RunSQL([CONCLUDE], ["DROP FUNCTION notifications_conclude"]),
    ]
