"""Examples of the pages of circles: see `examples`."""

from typing import Any

from advocacy.models import Circle, CircleMeeting, CircleSeat, Introduction

NOBODY = ""


def pages(of: Any) -> dict[str, list[Any]]:
    return {
        "advocacy:circles": [of(who="mara"), of()],
        "advocacy:circle": [
            of("circle", who="mara"),
            of("circle", query="q=a", who="theo"),
            of("circle", who="rio"),
        ],
        "advocacy:circle_new": [of()],
        "advocacy:circle_edit": [of("circle", who="mara")],
        "advocacy:circle_meeting_new": [of("circle", who="mara")],
        "advocacy:circle_meeting": [of("circle meeting", who="mara")],
        "dashboards:customer_page": [of("door circle asked", who=NOBODY), of("door circle", who=NOBODY)],
    }


def actions(of: Any) -> dict[str, Any]:
    return {
        "advocacy:circle_closing": of("circle"),
        "advocacy:circle_seat_new": of("circle"),
        "advocacy:circle_seat_end": of("circle seat"),
        "advocacy:introduction_new": of("circle"),
        "advocacy:introduction_withdrawal": of("introduction"),
        "advocacy:circle_meeting_off": of("circle meeting"),
        "dashboards:their_circle": of("door circle", who=NOBODY),
        "dashboards:their_introduction": of("door circle", who=NOBODY),
    }


def ids() -> dict[str, int]:
    return {
        "circle": Circle.objects.get().pk,
        "circle seat": CircleSeat.objects.filter(state="joined").earliest("pk").pk,
        "circle meeting": CircleMeeting.objects.get().pk,
        "introduction": Introduction.objects.get(state="asked").pk,
    }


def subjects() -> dict[str, tuple[str, int, str, int]]:
    """Links that act: of somebody asked in, and of the one who owes an answer about an introduction."""
    asked = CircleSeat.objects.select_related("contact__recipient").get(state="asked").contact
    silent = Introduction.objects.select_related("seeker__recipient").get(state="asked").seeker
    return {
        "door circle asked": ("own", asked.pk, asked.address, 7),
        "door circle": ("own", silent.pk, silent.address, 7),
    }
