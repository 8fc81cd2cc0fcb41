"""Icons, 18 by 18, one line thick. Decoration: the word beside an icon says what it means."""

from django.utils.safestring import SafeString, mark_safe


def _lines(d: str) -> str:
    return f'<path d="{d}"/>'


def _circles(*circles: tuple[float, float, float]) -> str:
    return "".join(f'<circle cx="{x}" cy="{y}" r="{r}"/>' for x, y, r in circles)


RAYS = _lines(
    "M9 1.8v1.6M9 14.6v1.6M1.8 9h1.6M14.6 9h1.6M3.9 3.9l1.1 1.1M13 13l1.1 1.1M3.9 14.1 5 13M13 5l1.1-1.1"
)

ICONS = {
    # where one can go
    "today": _circles((9, 9, 3.2)) + RAYS,
    "customers": _circles((6.5, 6, 2.7))
    + _lines(
        "M1.8 15c.3-3 2-4.6 4.7-4.6s4.4 1.6 4.7 4.6M11.4 3.6a2.6 2.6 0 0 1 0 4.9M13.2 10.8c1.8.6 2.8 2 3 4.2"
    ),
    "milestones": _circles((9, 9, 7), (9, 9, 4), (9, 9, 1)),
    "journeys": _circles((3.6, 12, 1.8), (9, 6.5, 1.8), (14.4, 11, 1.8))
    + _lines("M5 10.6l2.6-2.6M10.6 7.6l2.3 2"),
    "coaching": _lines("M2.5 3.5h13v9H8.5L5 15.5v-3H2.5zM5.5 6.7h7M5.5 9.3h4.5"),
    "mail": _lines("M2 4.5h14v9.5H2zM2.3 5l6.7 5 6.7-5"),
    "search": _circles((8, 8, 5.2)) + _lines("M12 12l4 4"),
    "settings": _circles((6, 5, 1.8), (12, 13, 1.8)) + _lines("M2 5h2.2M7.8 5H16M2 13h8.2M13.8 13H16M2 9h14"),
    "audit": _lines("M4 2.5h10v13H4zM6.8 6h4.4M6.8 9h4.4M6.8 12h2.4"),
    "home": _lines("M2.5 8.5 9 3l6.5 5.5M4.5 7.5v7h9v-7"),
    "person": _circles((9, 6, 3)) + _lines("M3 15.5c.5-3.6 2.6-5.3 6-5.3s5.5 1.7 6 5.3"),
    "organisation": _lines("M3 15.5v-12h7v12M10 7h5v8.5M2 15.5h14M5.5 6.5h2M5.5 9.5h2M12.3 10h.4"),
    # what one can do
    "plus": _lines("M9 3.5v11M3.5 9h11"),
    "check": _lines("M3.5 9.5l3.7 3.7 7.3-8"),
    "close": _lines("M4.5 4.5l9 9M13.5 4.5l-9 9"),
    "phone": _lines(
        "M5.8 2.5l1.7 3.6-1.6 1.5c.8 1.9 2.5 3.6 4.5 4.5l1.5-1.6 3.6 1.7c-.1 2-1.3 3.3-3.3 3.3"
        "C7 15.5 2.5 11 2.5 5.8c0-2 1.3-3.2 3.3-3.3z"
    ),
    "print": _lines("M5 6.5v-4h8v4M5 13H2.5V6.5h13V13H13M5 10.5h8v5H5z"),
    "edit": _lines("M3 15l.6-3.2 8.2-8.2 2.6 2.6-8.2 8.2zM10.3 5.1l2.6 2.6"),
    "undo": _lines("M3 7h8.5a3.8 3.8 0 0 1 0 7.6H7M6 4 3 7l3 3"),
    "redo": _lines("M15 7H6.5a3.8 3.8 0 0 0 0 7.6H11M12 4l3 3-3 3"),
    "download": _lines("M9 2.5v8.5M5.5 7.8 9 11.3l3.5-3.5M3 14.5h12"),
    "upload": _lines("M9 11.5V3M5.5 6.2 9 2.7l3.5 3.5M3 14.5h12"),
    "copy": _lines("M6.5 6.5h8v8h-8zM11.5 6.5v-3h-8v8h3"),
    "link": _lines(
        "M7.5 10.5l3-3M8 5.5l1.5-1.5a3.2 3.2 0 0 1 4.5 4.5L12.5 10M10 12.5 8.5 14A3.2 3.2 0 0 1 4 9.5L5.5 8"
    ),
    "external": _lines("M7 4H3.5v10.5H14V11M10 3h5v5M15 3 8.5 9.5"),
    "filter": _lines("M2.5 4.5h13M5 9h8M7.5 13.5h3"),
    "more": _circles((4, 9, 0.6), (9, 9, 0.6), (14, 9, 0.6)),
    "drag": _circles((7, 5, 0.5), (11, 5, 0.5), (7, 9, 0.5), (11, 9, 0.5), (7, 13, 0.5), (11, 13, 0.5)),
    "play": _lines("M5.5 3.5v11l9-5.5z"),
    "pause": _lines("M6.5 4v10M11.5 4v10"),
    "stop": _lines("M5 5h8v8H5z"),
    "trash": _lines("M3 5h12M7 5V3h4v2M4.5 5l.8 10.5h7.4L13.5 5"),
    "sign-out": _lines("M8 3H3.5v12H8M7.5 9H15M12 6l3 3-3 3"),
    "keyboard": _lines("M1.8 5h14.4v8.5H1.8zM5.5 11h7M4.5 8h.1M7.5 8h.1M10.5 8h.1M13.5 8h.1"),
    "refresh": _lines("M14.5 6.5A6 6 0 1 0 15 10M14.8 3v3.7h-3.7"),
    # what is so
    "clock": _circles((9, 9, 6.5)) + _lines("M9 5.2V9l2.6 1.7"),
    "flag": _lines("M4.5 16V2.5l9 3.5-9 3.5"),
    "calendar": _lines("M3 4.5h12v11H3zM3 8h12M6.5 2.5v3.5M11.5 2.5v3.5"),
    "warning": _lines("M9 2.8 16 15H2zM9 7.5v3.5M9 13v.1"),
    "info": _circles((9, 9, 6.5)) + _lines("M9 8.3v4.2M9 5.7v.1"),
    "question": _circles((9, 9, 6.5))
    + _lines("M7 7.2C7 6 7.9 5.3 9 5.3s2 .7 2 1.8c0 1.5-2 1.6-2 3.1M9 12.7v.1"),
    "quote": _lines("M3.5 12.5c2.5-.5 3.5-2 3.5-5H3.5v3h3M10.5 12.5c2.5-.5 3.5-2 3.5-5h-3.5v3h3"),
    "star": _lines("M9 2.5l2 4.2 4.6.6-3.4 3.2.9 4.6L9 12.8l-4.1 2.3.9-4.6-3.4-3.2 4.6-.6z"),
    "shield": _lines("M9 2.2l5.5 2v4.5c0 3.6-2.2 5.9-5.5 7.1-3.3-1.2-5.5-3.5-5.5-7.1V4.2z"),
    "key": _circles((5.5, 12.5, 2.8)) + _lines("M7.5 10.5l7-7M12 6l2 2"),
    "hook": _circles((5, 13, 2), (13, 13, 2), (9, 4.5, 2)) + _lines("M8 6.3 5.5 11M7 13h4M10 6.3l2.5 4.7"),
    "file": _lines("M4.5 2.5h6l3.5 3.5v9.5h-9.5zM10.5 2.5v3.5H14"),
    "eye": _circles((9, 9, 2.2))
    + _lines("M1.8 9C4 5.5 6.3 4 9 4s5 1.5 7.2 5C14 12.5 11.7 14 9 14s-5-1.5-7.2-5z"),
    "sun": _circles((9, 9, 3.2)) + RAYS,
    "moon": _lines("M15 10.8A6.5 6.5 0 1 1 7.2 3a5.2 5.2 0 0 0 7.8 7.8z"),
    "auto": _circles((9, 9, 6.5)) + '<path class="icon__fill" d="M9 2.5a6.5 6.5 0 0 1 0 13z"/>',
    # which way
    "right": _lines("M3 9h12M10.5 4.5 15 9l-4.5 4.5"),
    "left": _lines("M15 9H3M7.5 4.5 3 9l4.5 4.5"),
    "down": _lines("M4.5 7 9 11.5 13.5 7"),
    "up": _lines("M4.5 11 9 6.5l4.5 4.5"),
}


def icon(name: str) -> SafeString:
    """The icon as markup, hidden from screen readers. An unknown name is a mistake in the template."""
    if name not in ICONS:
        raise KeyError(f"no icon {name!r}; there are: {', '.join(sorted(ICONS))}")
    return mark_safe(f'<svg class="icon" viewBox="0 0 18 18" aria-hidden="true">{ICONS[name]}</svg>')
