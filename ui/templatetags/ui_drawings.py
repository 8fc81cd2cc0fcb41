"""Tags that draw: stones, paths and charts. Each brings its title; what is more than a line, its table."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zlib import crc32

from django.template import Library
from django.utils.translation import gettext as _

from ui import charts, curves, paths, tiny
from ui.figures import RateLike, percent, rate_words
from ui.shapes import drawn, number
from ui.stones import Stone, StoneState, stone_shapes

register = Library()
SMALL = 28  # pixels; below, a stone is a circle


@register.inclusion_tag("ui/path.html")
def path(
    stones: Sequence[Stone], title: str = "", size: str = "page", seed: object = "", words: str = ""
) -> dict[str, Any]:
    """The path: tiny, page or card. `seed`, the enrolment's id, keeps the stones the same for ever.

    `words` take the place of the states in the title, where the stones are nobody's.
    """
    stones = list(stones)
    said = words or paths.summary(stones)
    context: dict[str, Any] = {
        "size": size,
        "stones": stones,
        "title": f"{title}: {said}" if title and said else title or said,
    }
    if size == "tiny":
        return {**context, "drawing": tiny.tiny_path(stones)}
    page = paths.page_path(stones, seed=str(seed or title))
    key = f"{seed}{title}{size}" + "".join(f"{stone.state}{stone.met}" for stone in stones)
    return {**context, "page": page, "id": f"p{crc32(key.encode()):x}"}


@register.inclusion_tag("ui/stone.html")
def stone(
    stone: Stone | str, size: int = 48, title: str = "", seed: object = "", fine: bool = False
) -> dict[str, Any]:
    """One stone, or the sign of a state: `{% stone "verified" size=16 %}`. Untitled, it is decoration."""
    shown = Stone("", StoneState(stone), rings=3, met=1) if isinstance(stone, str) else stone
    context: dict[str, Any] = {"stone": shown, "size": size, "title": title}
    if size < SMALL:
        return {**context, "box": "-8 4.5 16 16", "drawing": tiny.tiny_stone(shown), "is_tiny": True}
    has_flag = bool(shown.warning or shown.target_ahead)
    radius = _radius_within(size)
    half = number(size / 2 + (6 if has_flag else 0))
    whole = number(size + (12 if has_flag else 0))
    return {
        **context,
        "box": f"-{half} -{half} {whole} {whole}",
        "drawing": drawn(stone_shapes(shown, seed=str(seed or shown.name), radius=radius, fine=fine)),
        "flag": paths.pennant(radius) if has_flag else "",
    }


def _radius_within(size: int) -> float:
    """The largest stone whose bark and wobble stay inside a box of that many pixels."""
    bark = min(6, max(2.6, 0.055 * size))
    return round((size / 2 - bark - 0.8) / 1.06, 1)


@register.inclusion_tag("ui/charts/sparkline.svg")
def sparkline(
    values: Sequence[float | None],
    title: str,
    base: float | None = None,
    width: int = 96,
    height: int = 24,
) -> dict[str, Any]:
    """A small line, oldest value first; `base` is a level to compare with."""
    return {"chart": charts.sparkline(values, base=base, width=width, height=height), "title": title}


@register.inclusion_tag("ui/charts/whisker.svg")
def whisker(rate: RateLike, title: str = "") -> dict[str, Any]:
    """A rate as dot, band and target mark."""
    words = rate_words(rate)
    return {"chart": charts.whisker(rate), "title": f"{title}: {words}" if title else words}


@register.inclusion_tag("ui/charts/bar.svg")
def bar(share: float, title: str = "", of: float = 1, width: int = 150) -> dict[str, Any]:
    """One lying bar for a table cell: `share` of the width filled, up to `of` of it in a pale rest."""
    part, rest = (min(1.0, max(0.0, value)) * width for value in (share, of))
    return {"part": number(part), "rest": number(max(part, rest)), "width": width, "title": title}


@register.inclusion_tag("ui/charts/bars.svg")
def bars(bars: Sequence[charts.Bar], title: str, unit: str = "") -> dict[str, Any]:
    """Upright bars with their numbers and their table."""
    return {"chart": charts.columns(bars), "bars": bars, "title": title, "unit": unit}


@register.inclusion_tag("ui/charts/funnel.svg")
def funnel(bars: Sequence[charts.Bar], title: str, unit: str = "") -> dict[str, Any]:
    """Lying bars, each step under the one before, with their table."""
    return {
        "chart": charts.funnel(bars),
        "bars": bars,
        "title": title,
        "unit": unit,
        "height": len(bars) * 22,
    }


@register.inclusion_tag("ui/charts/progress_ring.svg")
def progress_ring(share: float | None, title: str, size: int = 130) -> dict[str, Any]:
    """A ring filled as far as the share goes, the percentage in its middle."""
    return {
        "chart": charts.progress_ring(share or 0),
        "title": title,
        "said": percent(share, 0),
        "size": size,
    }


@register.inclusion_tag("ui/charts/day_band.svg")
def day_band(
    spans: Sequence[charts.Span],
    begins: datetime,
    ends: datetime,
    title: str,
    description: str = "",
    now: datetime | None = None,
) -> dict[str, Any]:
    """The hours of a day with its calls and planned work."""
    chart = charts.day_band(spans, begins=begins, ends=ends, now=now)
    return {"chart": chart, "title": title, "description": description}


@register.inclusion_tag("ui/charts/curve.svg")
def curve(curve: curves.Curve, title: str, description: str = "", size: str = "large") -> dict[str, Any]:
    """Time to a milestone: step curve, band, target and baseline. `size="small"` fits a table cell."""
    chart = curves.small_curve(curve) if size == "small" else curves.large_curve(curve)
    last = chart.points[-1].share
    said = description or _("%(share)s of %(n)d by day %(day)d.") % {
        "share": percent(last),
        "n": curve.n,
        "day": curve.horizon,
    }
    return {"chart": chart, "curve": curve, "title": title, "description": said, "is_small": size == "small"}


@register.inclusion_tag("ui/charts/cohort_grid.html")
def cohort_grid(
    rows: Sequence[curves.CohortRow], columns: Sequence[str], title: str, first: str = ""
) -> dict[str, Any]:
    """Groups that began together, one a row; how many have got there, one column a period."""
    lines = [(row, curves.cohort_cells(row)) for row in rows]
    return {"lines": lines, "columns": columns, "title": title, "first": first or _("Start")}
