"""Curves of time to a milestone, and cohorts. Numbers to coordinates; estimating them is done elsewhere."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from ui.shapes import Point, number, polyline

LEVELS = 4  # shades of a cohort cell
GRID = (0, 0.25, 0.5, 0.75, 1)


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """From this day on, this share has got there, with the bounds of its 95% interval."""

    day: float
    share: float
    low: float | None = None
    high: float | None = None
    at_risk: int | None = None
    """How many were still on the way when the day began."""


@dataclass(frozen=True)
class Curve:
    """Who has reached a milestone by which day. `points` step upwards; they begin at day 0."""

    points: Sequence[CurvePoint]
    horizon: int = 90
    target: float | None = None
    median: float | None = None
    median_words: str = ""
    """Such as "Half by day 57 (45 to 64)"."""
    label: str = ""
    base: Sequence[CurvePoint] = ()
    base_label: str = ""
    n: int = 0
    ends: float | None = None
    """The last day that was seen, where the lines end; else at the horizon."""
    other: Sequence[CurvePoint] = ()
    """A second line, never below the first."""
    at_risk: Mapping[int, int] = field(default_factory=dict)
    """Of each of `tick_days`: how many were still on the way."""


@dataclass(frozen=True, slots=True)
class Tick:
    at: str
    value: float


@dataclass(frozen=True, slots=True)
class DrawnCurve:
    width: int
    height: int
    left: int
    right: int
    top: int
    bottom: int
    line: str
    band: str
    base: str
    other: str
    target: str
    target_x: str
    median: tuple[str, str] | None
    end_y: str
    base_at: tuple[str, str] | None
    shares: list[Tick]
    days: list[Tick]
    at_risk: list[Tick]
    points: Sequence[CurvePoint]


@dataclass(frozen=True, slots=True)
class _Frame:
    width: int
    height: int
    left: int
    right: int
    top: int
    bottom: int
    horizon: float
    ends: float

    def x(self, day: float) -> float:
        longest = max(1, self.horizon)
        return self.left + min(day, longest) * (self.right - self.left) / longest

    def y(self, share: float) -> float:
        return self.top + (1 - share) * (self.bottom - self.top)

    def within(self, points: Sequence[CurvePoint]) -> list[CurvePoint]:
        """The points inside the horizon, beginning at day 0."""
        inside = [point for point in points if point.day <= self.horizon]
        return inside if inside and inside[0].day <= 0 else [CurvePoint(0, 0, 0, 0), *inside]


def large_curve(curve: Curve) -> DrawnCurve:
    """The curve with axes, 700 by 270; with the numbers still on the way under it, 308 high."""
    height = 308 if curve.at_risk else 270
    return _drawn(curve, _Frame(700, height, 42, 686, 24, 238, curve.horizon, _ends(curve)))


def small_curve(curve: Curve) -> DrawnCurve:
    """The curve for a table cell, 110 by 30, without axes."""
    return _drawn(curve, _Frame(110, 30, 1, 109, 2, 28, curve.horizon, _ends(curve)))


def _ends(curve: Curve) -> float:
    return curve.horizon if curve.ends is None else min(curve.horizon, curve.ends)


def _drawn(curve: Curve, frame: _Frame) -> DrawnCurve:
    points, base = frame.within(curve.points), frame.within(curve.base) if curve.base else []
    other = frame.within(curve.other) if curve.other else []
    has_target = curve.target is not None and curve.target <= curve.horizon
    target_x = number(frame.x(curve.target or 0))
    shown = curve.median is not None and curve.median <= curve.horizon
    return DrawnCurve(
        width=frame.width,
        height=frame.height,
        left=frame.left,
        right=frame.right,
        top=frame.top,
        bottom=frame.bottom,
        line=_steps(points, frame),
        band=_band(points, frame),
        base=_steps(base, replace(frame, ends=frame.horizon)) if base else "",
        other=_steps(other, frame) if other else "",
        target=f"M{target_x} {number(max(1, frame.top - 8))}V{frame.bottom}" if has_target else "",
        target_x=number(frame.x(curve.target or 0) + 6),
        median=(number(frame.x(curve.median or 0)), number(frame.y(0.5))) if shown else None,
        end_y=number(_label_height(frame, points[-1].share)),
        base_at=_base_label(base, frame) if base else None,
        shares=[Tick(number(frame.y(share)), share) for share in GRID],
        days=[Tick(number(frame.x(day)), day) for day in tick_days(curve.horizon)],
        at_risk=[
            Tick(number(frame.x(day)), curve.at_risk[day])
            for day in tick_days(curve.horizon)
            if day in curve.at_risk
        ],
        points=points,
    )


def _label_height(frame: _Frame, share: float) -> float:
    """Above the line's end, or below it when there is no room above."""
    y = frame.y(share)
    return y - 9 if y - 9 > frame.top + 12 else y + 18


def tick_days(horizon: int) -> list[int]:
    """The days that the axis names."""
    step = next(step for step in (1, 5, 7, 15, 30, 60, 90, 180, 365, 730, 10_000) if horizon / step <= 8)
    return list(range(0, horizon + 1, step))


def _steps(points: Sequence[CurvePoint], frame: _Frame) -> str:
    start = f"M{number(frame.x(points[0].day))} {number(frame.y(points[0].share))}"
    moves = "".join(f"H{number(frame.x(p.day))}V{number(frame.y(p.share))}" for p in points[1:])
    return f"{start}{moves}H{number(frame.x(frame.ends))}"


def _band(points: Sequence[CurvePoint], frame: _Frame) -> str:
    if any(point.low is None or point.high is None for point in points):
        return ""
    upper = _edge([(point.day, point.high or 0) for point in points], frame)
    lower = _edge([(point.day, point.low or 0) for point in points], frame)
    return polyline([*upper, *reversed(lower)]) + "Z"


def _edge(values: Sequence[Point], frame: _Frame) -> list[Point]:
    """A bound as a staircase that ends where the line does."""
    stairs = [values[0]]
    for day, share in values[1:]:
        stairs += [(day, stairs[-1][1]), (day, share)]
    stairs.append((frame.ends, stairs[-1][1]))
    return [(frame.x(day), frame.y(share)) for day, share in stairs]


def _base_label(base: Sequence[CurvePoint], frame: _Frame) -> tuple[str, str]:
    day = frame.horizon * 0.68
    share = next((point.share for point in reversed(base) if point.day <= day), 0.0)
    return number(frame.x(day)), number(frame.y(share) - 8)


@dataclass(frozen=True)
class CohortRow:
    """Those who began together. A share of None is not known yet."""

    label: str
    n: int
    shares: Sequence[float | None]
    href: str = ""


@dataclass(frozen=True, slots=True)
class CohortCell:
    share: float | None
    css: str


def cohort_cells(row: CohortRow) -> list[CohortCell]:
    """The row's cells with their shade, from s1 (hardly any) to s4 (nearly all)."""
    return [
        CohortCell(share, "none" if share is None else f"s{min(LEVELS, int(share * LEVELS) + 1)}")
        for share in row.shares
    ]
