"""Which digest may leave at which hour of an organisation's own day."""

from datetime import datetime

from organisations.models import Membership

FROM, UNTIL = 7, 12  # hours; what was not made by noon, because nothing ran, is not made up for
MONDAY = 0


def period_of(digest: str, local: datetime) -> str:
    """The day ("2026-03-12") or week ("2026-W11") whose digest leaves now; empty when none does.

    A week's leaves on its Monday, until the day is over, and tells of the week before.
    """
    if local.hour < FROM:
        return ""
    if digest == Membership.Digest.DAILY and local.hour < UNTIL:
        return f"{local:%Y-%m-%d}"
    if digest == Membership.Digest.WEEKLY and local.weekday() == MONDAY:
        return f"{local:%G-W%V}"
    return ""
