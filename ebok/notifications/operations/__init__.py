"""Queueing messages with the fact they tell of, and delivering them."""

from ebok.notifications.operations.delivery import deliver_due
from ebok.notifications.operations.outbox import DELIVER, queue_message

__all__ = ["DELIVER", "deliver_due", "queue_message"]
