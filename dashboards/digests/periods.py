"""Which digest may leave at which hour of an organisation's own day."""

from dataclasses import dataclass
from datetime import datetime

from organisations.models import Membership

FROM, UNTIL = 7, 12  # hours in which the day's leaves for everybody who asked for it
MONDAY = 0


@dataclass(frozen=True)
class Turn:
    """The day ("2026-03-12") or week ("2026-W11") whose digest may leave now.

    `is_late`: its hours are over, because nothing ran. It is made up for whoever has had one before; who
    asked for it only since then waits for the next.
    """

    period: str
    is_late: bool

    @property
    def alike(self) -> str:
        """Which periods are of the same rhythm, as a regular expression."""
        return r"-W" if "W" in self.period else r"^\d+-\d+-"


def turn_of(digest: str, local: datetime) -> Turn | None:
    """None when none may leave: before seven, or when no digest is chosen.

    A week's leaves on its Monday and tells of the week before. What was missed is made up for while its day
    or week lasts; of several only the last, since each has its own period and time goes on.
    """
    if digest == Membership.Digest.DAILY and local.hour >= FROM:
        return Turn(f"{local:%Y-%m-%d}", is_late=local.hour >= UNTIL)
    is_monday = local.weekday() == MONDAY
    if digest == Membership.Digest.WEEKLY and (local.hour >= FROM or not is_monday):
        return Turn(f"{local:%G-W%V}", is_late=not is_monday)
    return None
