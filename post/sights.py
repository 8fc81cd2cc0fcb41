"""How a delivery looks on a page: its badge, what may be done with it; and why no mail leaves at all."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from organisations.models import Membership
from post import mime, smtp
from post.models import Delivery, Hold

State = Delivery.State

LOOKS: dict[str, tuple[str, str, Any]] = {  # badge, icon, one or two words
    State.PENDING: ("warn", "clock", _("waiting")),
    State.SENDING: ("accent", "play", _("on its way")),
    State.SENT: ("good", "check", _("sent")),
    State.FAILED: ("bad", "warning", _("refused")),
    State.UNCERTAIN: ("warn", "warning", _("uncertain")),
    State.SUPPRESSED: ("", "pause", _("not sent")),
    State.HELD: ("", "pause", _("held")),
    State.STOPPED: ("", "stop", _("stopped")),
    State.SIMULATED: ("", "play", _("simulated")),
}


@dataclass(frozen=True)
class Sight:
    """A delivery as this member sees it now."""

    delivery: Delivery
    member: Membership
    now: datetime

    @property
    def look(self) -> str:
        return LOOKS[self.delivery.state][0]

    @property
    def icon(self) -> str:
        return LOOKS[self.delivery.state][1]

    @property
    def words(self) -> str:
        return str(LOOKS[self.delivery.state][2])

    @property
    def is_for_later(self) -> bool:
        return self.delivery.state == State.PENDING and self.delivery.due_at > self.now

    @property
    def may_stop(self) -> bool:
        return self.member.can_write and self.delivery.state in (State.PENDING, State.HELD)

    @property
    def may_try_now(self) -> bool:
        return self.member.can_write and self.is_for_later

    @property
    def may_send_again(self) -> bool:
        return self.member.can_write and self.delivery.state in (State.UNCERTAIN, State.FAILED)

    @property
    def may_say_it_arrived(self) -> bool:
        return self.member.can_write and self.delivery.state == State.UNCERTAIN


def obstacle() -> str:
    """Why no mail at all leaves: "held", "demo", "server", "sender", or nothing."""
    if Hold.objects.filter(ended_at=None).exists():
        return "held"
    if smtp.Server.configured() is None:
        return "demo" if settings.DEMO else "server"
    try:
        mime.address(settings.MAIL_FROM)
    except mime.UnusableAddressError:
        return "sender"
    return ""
