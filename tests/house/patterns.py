"""Every pattern of the URLconf, whose rooms are walked through."""

from functools import cache

from django.urls import get_resolver
from django.urls.resolvers import URLPattern, URLResolver


def patterns() -> list[tuple[str, str, URLPattern]]:
    """Every pattern there is: its name with its room's, its whole route, the pattern."""
    return list(_walk(get_resolver().url_patterns, "", ""))


def _walk(found: list[URLPattern | URLResolver], route: str, room: str):
    for pattern in found:
        here = route + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(
                pattern.url_patterns, here, f"{pattern.namespace}:" if pattern.namespace else room
            )
        else:
            yield f"{room}{pattern.name}", here, pattern


@cache
def is_members(name: str) -> bool:
    """Whether the address begins with an organisation."""
    return any(route.startswith("o/<slug:slug>/") for known, route, _pattern in patterns() if known == name)
