"""A path in words for the customer: no pennants, no evidence, no claims, only what is so for them."""

from collections.abc import Collection
from dataclasses import replace
from datetime import date, datetime

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from milestones.walking import Path, Step
from ui.moments import short_day


def for_the_customer(path: Path, *, now: datetime, asked: Collection[str] = ()) -> Path:
    """The path as its customer reads it, in the reader's zone. `asked`: keys that wait for their word."""
    today = localtime(now).date()
    resting = path.current if path.pause else None
    said = [
        _("Paused for now")
        if step is resting and step.key not in asked and not step.contested_at
        else _said(step, today, is_asked=step.key in asked)
        for step in path.steps
    ]
    stones = tuple(
        replace(stone, said=words, warning="", target_ahead=False, href="")
        for stone, words in zip(path.stones, said, strict=True)
    )
    return replace(path, stones=stones)


def _said(step: Step, today: date, *, is_asked: bool) -> str:
    def on(words: str, at: datetime) -> str:
        return words % {"day": short_day(localtime(at).date(), today=today)}

    if is_asked:
        return _("Waiting for your word")
    if step.contested_at:
        return on(_("“Not yet”, said on %(day)s"), step.contested_at)
    if step.verified_at:
        mended = _("Confirmed %(day)s, after a correction")
        return on(mended if step.is_mended else _("Confirmed %(day)s"), step.verified_at)
    if step.achieved_at:
        return on(_("Reached %(day)s"), step.achieved_at)
    if step.met:
        return _("Started: %(met)d of %(rings)d is so") % {"met": step.met, "rings": step.rings}
    if step.target_on and step.target_on >= today:
        return _("Aimed for by %(day)s") % {"day": short_day(step.target_on, today=today)}
    return _("Still to come")
