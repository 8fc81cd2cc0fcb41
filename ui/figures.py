"""Numbers as people read them: a rate brings its company, a share is never rounded to a lie."""

from dataclasses import dataclass
from typing import Protocol

from django.utils.formats import number_format
from django.utils.translation import gettext as _

UNKNOWN = "–"


class RateLike(Protocol):
    """What can be drawn as dot, band and target mark. All four are shares from 0 to 1."""

    @property
    def share(self) -> float | None: ...
    @property
    def low(self) -> float | None: ...
    @property
    def high(self) -> float | None: ...
    @property
    def target(self) -> float | None: ...


@dataclass(frozen=True)
class Rate:
    """`count` of `of`, with the bounds of its 95% interval when they are known."""

    count: int
    of: int
    low: float | None = None
    high: float | None = None
    target: float | None = None

    @property
    def share(self) -> float | None:
        return self.count / self.of if self.of else None


def digits_of(share: float) -> int:
    """Decimals that a percentage deserves: one below ten, none above."""
    return 1 if 0 < abs(share) < 0.0995 else 0


def percent(share: float | None, digits: int | None = None) -> str:
    """A share as a percentage: 0.683 → "68%". Never "100%" or "0%" for what only comes near."""
    if share is None:
        return UNKNOWN
    places = digits_of(share) if digits is None else digits
    rounded = round(share * 100, places)
    least = 10.0**-places
    if rounded >= 100 and share < 1:
        return f">{number_format(100 - least, places)}%"
    if rounded == 0 and share > 0:
        return f"<{number_format(least, places)}%"
    return f"{number_format(rounded, places)}%"


def _written(share: float, places: int) -> str:
    return number_format(round(share * 100, places), places)  # number_format alone would cut, not round


def interval_words(low: float | None, high: float | None) -> str:
    """The bounds of an interval as one phrase: "57 to 77%"."""
    if low is None or high is None:
        return UNKNOWN
    places = max(digits_of(low), digits_of(high)) if high < 0.2 else 0
    bounds = {"low": _written(low, places), "high": _written(high, places)}
    return _("%(low)s to %(high)s%%") % bounds


def rate_words(rate: RateLike) -> str:
    """The whole rate in words, for a drawing's title: "68%, 95% interval 57 to 77%, target 75%"."""
    parts = [percent(rate.share)]
    if rate.low is not None and rate.high is not None:
        parts.append(_("95%% interval %(bounds)s") % {"bounds": interval_words(rate.low, rate.high)})
    if rate.target is not None:
        parts.append(_("target %(share)s") % {"share": percent(rate.target)})
    return ", ".join(parts)


def initials(name: str) -> str:
    """ "Mara Lindqvist" → "ML"; "Ines" → "I"; "" → "?"."""
    words = [word for word in name.replace("-", " ").split() if word[0].isalnum()]
    letters = [words[0][0], words[-1][0]] if len(words) > 1 else [word[0] for word in words]
    return "".join(letters).upper() or "?"
