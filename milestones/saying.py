"""What stands beneath a stone: the state of a milestone in words, for members."""

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from milestones.models import Enrolment, Pause
from ui.moments import short_day

if TYPE_CHECKING:
    from milestones.walking import Step


def pause_words(pause: Pause, *, today: date) -> str:
    """ "Paused since 3 March", and until when if that is known."""
    said = {"day": short_day(pause.starts_on, today=today)}
    if pause.resumes_on is None:
        return _("Paused since %(day)s") % said
    said["until"] = short_day(pause.resumes_on, today=today)
    return _("Paused since %(day)s, goes on %(until)s") % said


def step_words(step: "Step", today: date, enrolment: Enrolment) -> str:
    """The words beneath a stone: its state and since when; of what is ahead how far, or its target."""

    def on(words: str, at: datetime) -> str:
        local = at.astimezone(enrolment.organisation.tzinfo).date()
        said = words % {"day": short_day(local, today=today)}
        return _("%(said)s, out of order") % {"said": said} if step.before else said

    if step.contested_at:
        return on(_("Contested %(day)s"), step.contested_at)
    if step.verified_at:
        return on(_("Verified %(day)s"), step.verified_at)
    if step.achieved_at:
        return on(_("Evidenced %(day)s"), step.achieved_at)
    if step.claimed_at:
        return on(_("Claimed %(day)s"), step.claimed_at)
    if step.met:
        return _("%(met)d of %(rings)d") % {"met": step.met, "rings": step.rings}
    if step.target_on and step.target_on >= today and not enrolment.ended_at:
        return _("Target %(day)s") % {"day": short_day(step.target_on, today=today)}
    return _("Not yet")
