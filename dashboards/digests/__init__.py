"""Digests: what Today shows as a mail every day, what Milestones shows as a mail every week."""

from dashboards.digests.sending import send_all, send_due

__all__ = ["send_all", "send_due"]
