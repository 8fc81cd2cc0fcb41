"""Whoever opens an organisation's page passed a guard, which set the organisation whose rows show."""

from typing import Any

from django.urls.resolvers import URLPattern

from organisations.models import Role
from tests.house.patterns import patterns

# Pages of an organisation that everybody may see, each with the reason.
OPEN = {
    "organisations:theme": "its colours, which mails and customers' pages wear; a colour is no secret",
    "coaching:calendar_feed": "calendar programs have no session; the address is the secret, known by hash",
}
# Pages outside /o/ that a link opens; whoever holds it is let in by `visitors_only` and the like.
BY_LINK = {"dashboards:new_link": "answers the same for any token, so it tells a stranger nothing"}


def test_every_page_of_an_organisation_is_guarded():
    unguarded = [
        name
        for name, route, pattern in patterns()
        if route.startswith("o/<slug:slug>/") and guard_of(pattern) not in set(Role) and name not in OPEN
    ]
    assert unguarded == []


def test_every_door_of_a_customer_lets_in_by_link_alone():
    strange = [
        name
        for name, route, pattern in patterns()
        if route.startswith(("c/", "u/")) and guard_of(pattern) != "customer" and name not in BY_LINK
    ]
    assert strange == []


def test_no_guard_stands_where_there_is_no_organisation():
    """A guard needs the slug; elsewhere it would be a mistake that only shows when somebody comes."""
    odd = [
        route
        for _name, route, pattern in patterns()
        if guard_of(pattern) in set(Role) and not route.startswith("o/<slug:slug>/")
    ]
    assert odd == []


def guard_of(pattern: URLPattern) -> Any:
    return getattr(pattern.callback, "guarded_for", None)
