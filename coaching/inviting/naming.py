"""What calendars know a planned call by."""

from urllib.parse import urlsplit

from django.conf import settings

from coaching.models import Touchpoint


def uid_of(planned: Touchpoint) -> str:
    """The same in a member's feed and in every invitation; an invitation keeps the one it was sent with."""
    return f"touchpoint-{planned.pk}@{urlsplit(settings.BOSAI_URL).hostname}"
