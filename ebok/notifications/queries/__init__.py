"""Reading the outbox and where messages stand, and writing a message out in words."""

from ebok.notifications.queries.rendering import (
    TemplateBroken,
    channels_open,
    render,
    render_sms,
    sms_available,
)
from ebok.notifications.queries.standing import (
    blocked_messages,
    deliveries,
    group_progress,
    undelivered,
    waiting,
)

__all__ = [
    "TemplateBroken",
    "blocked_messages",
    "channels_open",
    "deliveries",
    "group_progress",
    "render",
    "render_sms",
    "sms_available",
    "undelivered",
    "waiting",
]
