"""Examples of the pages of stories and answers to celebrations, for `examples`, whose `of` writes them."""

from collections.abc import Callable
from typing import Any


def pages(of: Callable[..., Any]) -> dict[str, list[Any]]:
    return {
        "advocacy:customer_stories": [
            of("customer saltmarsh-water", who="mara"),
            of("customer kestrel-freight", who="rio"),
        ],
        "advocacy:story": [
            of("story published", who="mara"),
            of("story review"),
            of("story draft", who="rio"),
            of("story down", who="theo"),
            of("story agreed"),
        ],
        "advocacy:story_edit": [of("story published", who="mara"), of("story draft")],
        "advocacy:story_file": [
            of("story published", is_page=False),
            of("story published", query="format=json", is_page=False),
            of("story draft", query="format=html", status=404),
        ],
        "advocacy:story_list": [
            of(who="mara"),
            of(),
            of(query="q=nobody+says+so&state=usable", who="rio"),
        ],
        "advocacy:public_story": [
            of("harbour", "story slug", who=""),
            of("harbour", "story slug gone", who="", status=410),
            of("harbour", "no-such-story", who="", status=404),
        ],
        "advocacy:public_card": [of("harbour", "story slug", who="", is_page=False)],
        "dashboards:celebrated": [of(who="mara"), of(query="days=365")],
        "dashboards:card": [of("reply door", who=""), of("reply said", who=""), of("answered", who="")],
        "dashboards:reply": [
            of("reply door", who=""),
            of("reply said", who="mara"),
            of("answered", who=""),
        ],
        "dashboards:story": [
            of("door story asked", who=""),
            of("door story asked", who="mara"),
            of("door story agreed", who=""),
            of("door story taken back", who=""),
            of("door story questions", who=""),
            of("answered", who=""),
        ],
    }


def actions(of: Callable[..., Any]) -> dict[str, Any]:
    """What takes a POST alone."""
    return {
        "advocacy:forgetting": of("contact"),
        "advocacy:reply_sight": of("reply"),
        "advocacy:story_end": of("story published"),
        "advocacy:story_new": of("achievement"),
        "advocacy:story_publication": of("story agreed"),
        "advocacy:story_question": of("story draft"),
        "advocacy:story_use": of("story published"),
        "advocacy:story_use_end": of("story use"),
        "dashboards:story_link": of("door story asked", who=""),
        "dashboards:story_withdrawal": of("door story agreed", who=""),
    }
