from post.models.digests import Digest
from post.models.mails import (
    Delivery,
    DeliveryQuerySet,
    Heartbeat,
    Hold,
    Installation,
    Link,
    PostDue,
    Recipient,
)
from post.models.webhooks import WebhookDelivery, WebhookDue, WebhookEndpoint

__all__ = [
    "Delivery",
    "DeliveryQuerySet",
    "Digest",
    "Heartbeat",
    "Hold",
    "Installation",
    "Link",
    "PostDue",
    "Recipient",
    "WebhookDelivery",
    "WebhookDue",
    "WebhookEndpoint",
]
