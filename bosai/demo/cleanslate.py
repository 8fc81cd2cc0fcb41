"""An organisation in which nothing has happened yet: what every page says when it is empty."""

from datetime import datetime

from organisations import founding
from organisations.models import Organisation

SLUG = "cleanslate"


def build(*, admin_email: str, now: datetime) -> Organisation:
    """An empty organisation, with its admin."""
    plan = founding.Plan(
        slug=SLUG, name="Clean Slate Ltd", admin_email=admin_email, admin_name="", zone="Europe/London"
    )
    organisation, _admin = founding.found(plan, now=now)
    return organisation
