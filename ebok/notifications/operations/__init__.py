"""Queueing messages with the fact they tell of, delivering them, and taking notices that come back."""

from ebok.notifications.operations.bulk_delivery import deliver_groups, give_back_claims
from ebok.notifications.operations.concluding import DELIVERY_FAILED
from ebok.notifications.operations.delivery import deliver_due
from ebok.notifications.operations.groups import (
    DELIVER_GROUPS,
    hold_group,
    open_group,
    queue_messages,
    release_group,
)
from ebok.notifications.operations.notices import take_bounces
from ebok.notifications.operations.outbox import DELIVER, queue_message

__all__ = [
    "DELIVER",
    "DELIVERY_FAILED",
    "DELIVER_GROUPS",
    "deliver_due",
    "deliver_groups",
    "give_back_claims",
    "hold_group",
    "open_group",
    "queue_message",
    "queue_messages",
    "release_group",
    "take_bounces",
]
