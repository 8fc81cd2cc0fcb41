"""Small and middle-sized charts: numbers to coordinates. Pure; templates/ui/charts says how they look."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from math import pi

from ui.figures import RateLike
from ui.shapes import number, polyline, rectangle

WHISKER_WIDTH, WHISKER_MARGIN = 160, 4


@dataclass(frozen=True, slots=True)
class Sparkline:
    width: int
    height: int
    line: str
    dot: tuple[str, str] | None
    base: str
    """A level to compare with, as path data; empty without one."""


def sparkline(
    values: Sequence[float | None], *, base: float | None = None, width: int = 96, height: int = 24
) -> Sparkline:
    """A line through the values, oldest first. Missing values are passed over."""
    known = [(i, float(value)) for i, value in enumerate(values) if value is not None]
    if not known:
        return Sparkline(width, height, "", None, "")
    levels = [value for _i, value in known] + ([] if base is None else [base])
    lowest, spread = min(levels), (max(levels) - min(levels)) or 1
    step = (width - 6) / max(1, len(values) - 1)

    def y(value: float) -> float:
        return height - 3.5 - (value - lowest) / spread * (height - 7)

    points = [(2 + i * step, y(value)) for i, value in known]
    return Sparkline(
        width=width,
        height=height,
        line=polyline(points) if len(points) > 1 else "",
        dot=(number(points[-1][0]), number(points[-1][1])),
        base="" if base is None else f"M2 {number(y(base))}H{width - 4}",
    )


@dataclass(frozen=True, slots=True)
class Whisker:
    """Dot, band and target mark on an axis from 0 to 1."""

    width: int
    axis: str
    band: str
    target: str
    dot: str


def whisker(rate: RateLike) -> Whisker:
    """Where the rate lies; parts that are not known are left out."""

    def x(share: float) -> str:
        return number(WHISKER_MARGIN + min(1, max(0, share)) * (WHISKER_WIDTH - 2 * WHISKER_MARGIN))

    has_band = rate.low is not None and rate.high is not None
    return Whisker(
        width=WHISKER_WIDTH,
        axis=f"M{x(0)} 10H{x(1)}",
        band=f"M{x(rate.low or 0)} 10H{x(rate.high or 0)}" if has_band else "",
        target="" if rate.target is None else f"M{x(rate.target)} 1V19",
        dot="" if rate.share is None else x(rate.share),
    )


@dataclass(frozen=True)
class Bar:
    """One column or line of a bar chart. `said` replaces the number where given."""

    label: str
    value: float
    said: str = ""
    is_marked: bool = False
    href: str = ""

    @property
    def words(self) -> str:
        return self.said or number(self.value)


@dataclass(frozen=True, slots=True)
class DrawnBar:
    bar: Bar
    d: str
    x: str
    y: str


def columns(bars: Sequence[Bar], *, width: int = 320, height: int = 130) -> list[DrawnBar]:
    """Upright bars; x is a bar's middle, y the base line of the number above it."""
    slot, floor, top = width / max(1, len(bars)), height - 20, 18
    highest = max((bar.value for bar in bars), default=0) or 1
    drawn = []
    for i, bar in enumerate(bars):
        tall = max(0.0, bar.value) / highest * (floor - top)
        shape = rectangle(slot * (i + 0.14), floor - tall, slot * 0.72, tall, 3) if tall else ""
        drawn.append(DrawnBar(bar, shape, number(slot * (i + 0.5)), number(floor - tall - 6)))
    return drawn


def funnel(bars: Sequence[Bar], *, width: int = 320, line: int = 22) -> list[DrawnBar]:
    """Lying bars, one under the other; x and y are where the number begins."""
    longest = max((bar.value for bar in bars), default=0) or 1
    drawn = []
    for i, bar in enumerate(bars):
        long = max(0.0, bar.value) / longest * (width - 60)
        shape = rectangle(0, i * line + 2, long, line - 7, 3) if long else ""
        drawn.append(DrawnBar(bar, shape, number(long + 8), number(i * line + line / 2 + 3)))
    return drawn


@dataclass(frozen=True, slots=True)
class Ring:
    """A circle drawn as far as the share goes; radius 42 in a box of 100."""

    part: str
    rest: str


def progress_ring(share: float) -> Ring:
    around = 2 * pi * 42
    part = min(1.0, max(0.0, share)) * around
    return Ring(part=number(part), rest=number(around))


@dataclass(frozen=True)
class Span:
    """A stretch of the day: a call, or time that work is planned for."""

    begins: datetime
    ends: datetime
    label: str
    is_call: bool = True


@dataclass(frozen=True, slots=True)
class DrawnSpan:
    span: Span
    d: str
    x: str


@dataclass(frozen=True, slots=True)
class DayBand:
    width: int
    spans: list[DrawnSpan]
    now: str


def day_band(
    spans: Sequence[Span], *, begins: datetime, ends: datetime, now: datetime | None = None, width: int = 1192
) -> DayBand:
    """The hours of a day from left to right. What lies outside the hours is cut off at their edge."""
    length = max(1.0, (ends - begins).total_seconds())

    def x(at: datetime) -> float:
        return min(1.0, max(0.0, (at - begins).total_seconds() / length)) * width

    drawn = []
    for span in spans:
        left, right = x(span.begins), x(span.ends)
        if right > left:
            drawn.append(DrawnSpan(span, rectangle(left, 10, right - left, 12, 4), number(left)))
    inside = now is not None and begins <= now <= ends
    return DayBand(width=width, spans=drawn, now=f"M{number(x(now))} 2V30" if inside and now else "")
