"""An organisation's one colour, made legible whatever it was. Pages do this in CSS; mails need plain hex.

The clamps are those of static/css/tokens.css; a test holds the two together.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from math import atan2, cbrt, cos, hypot, sin

HEX = re.compile(r"#?([0-9a-f]{3}|[0-9a-f]{6})(?:[0-9a-f]{2})?", re.IGNORECASE)
FALLBACK = "#00666f"
STEPS_INTO_GAMUT = 24

type Rgb = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Oklch:
    """Lightness 0 to 1, chroma, hue in radians."""

    lightness: float
    chroma: float
    hue: float

    def clamped(self, low: float, high: float, chroma: float) -> "Oklch":
        return Oklch(min(high, max(low, self.lightness)), min(chroma, self.chroma), self.hue)


@dataclass(frozen=True, slots=True)
class MailColours:
    """Hex colours for a mail, light and dark."""

    ink: str
    line: str
    tint: str
    on_ink: str
    dark_ink: str
    dark_on_ink: str


@lru_cache(maxsize=256)
def mail_colours(accent: str = FALLBACK) -> MailColours:
    """The colours that follow from an accent. What is no colour is replaced by Bosai's own."""
    colour = oklch(accent)
    return MailColours(
        ink=as_hex(colour.clamped(0, 0.46, 0.16)),
        line=as_hex(colour.clamped(0.84, 0.84, 0.045)),
        tint=as_hex(colour.clamped(0.962, 0.962, 0.016)),
        on_ink="#ffffff",
        dark_ink=as_hex(colour.clamped(0.79, 1, 0.12)),
        dark_on_ink=as_hex(colour.clamped(0.2, 0.2, 0.03)),
    )


def is_colour(text: str) -> bool:
    """Whether this can be used as an accent: "#0a7", "#00aa77"."""
    return HEX.fullmatch(text.strip()) is not None


def oklch(text: str) -> Oklch:
    """A hex colour in OKLCH."""
    red, green, blue = (_linear(channel) for channel in _channels(text))
    long = cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    middle = cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    lightness = 0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short
    a = 1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short
    return Oklch(lightness, hypot(a, b), atan2(b, a))


def as_hex(colour: Oklch) -> str:
    """The colour in hex; chroma gives way until a screen can show it."""
    chroma = colour.chroma
    for _step in range(STEPS_INTO_GAMUT):
        rgb = _rgb(Oklch(colour.lightness, chroma, colour.hue))
        if all(-0.0005 <= channel <= 1.0005 for channel in rgb):
            break
        chroma *= 0.93
    return "#" + "".join(f"{round(255 * _gamma(min(1.0, max(0.0, channel)))):02x}" for channel in rgb)


def contrast(one: str, other: str) -> float:
    """The contrast of two hex colours as WCAG counts it, 1 to 21."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _channels(text: str) -> Rgb:
    found = HEX.fullmatch(text.strip())
    digits = found.group(1) if found else FALLBACK[1:]
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    red, green, blue = (int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4))
    return red, green, blue


def _rgb(colour: Oklch) -> Rgb:
    a, b = colour.chroma * cos(colour.hue), colour.chroma * sin(colour.hue)
    long = (colour.lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (colour.lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (colour.lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
    )


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4


def _gamma(channel: float) -> float:
    return channel * 12.92 if channel <= 0.0031308 else 1.055 * channel ** (1 / 2.4) - 0.055


def _luminance(text: str) -> float:
    red, green, blue = (_linear(channel) for channel in _channels(text))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
