"""The address map of the product: nothing answers anywhere else."""

import re

from tests.house.examples import ACTIONS, EXAMPLES
from tests.house.patterns import patterns
from tests.walls.api import CALLS

ALLOWED = {
    r"": "the way to one's organisation",
    r"o/<slug:slug>/": "members' pages",
    r"accounts/": "sign-in, invitations",
    r"api/v1/": "the API, the organisation comes from the token",
    r"v1/": "the Segment protocol",
    r"c/<str:token>/": "the customer's pages",
    r"s/<slug:organisation>/<slug:story>": "public stories",
    r"r/<str:code>": "referral",
    r"u/<str:token>/": "unsubscribe",
    r"healthz": "is it there",
    r"readyz": "is it ready",
    r"metrics": "numbers for Prometheus, with a token",
    r"setup/<str:token>/": "the first run",
    r"ui/": "the gallery of components, in the demo and while developing",
}
PROBES = {"healthz", "readyz", "metrics"}  # machines ask for them under these names


def test_every_address_stands_on_the_map():
    strange = [route for _name, route, _pattern in patterns() if not _is_allowed(route.removeprefix("^"))]
    assert strange == []


def _is_allowed(route: str) -> bool:
    return route == "" or any(prefix and route.startswith(prefix) for prefix in ALLOWED)


def test_every_address_has_a_name_and_an_example():
    """A new address: add it to EXAMPLES (it shows something) or ACTIONS (it takes a POST alone)."""
    names = {name for name, _route, _pattern in patterns()} - {
        "gallery",
        "gallery_part",
    }  # not in use, and tests/ui looks
    over_api = {name for name in names if name.startswith("api:")} - EXAMPLES.keys()
    assert over_api == CALLS.keys(), "each has its own examples, in tests/walls/api.py"
    names -= over_api
    assert {name for name in names if name.endswith("None")} == set()
    assert names - EXAMPLES.keys() - ACTIONS.keys() == set()
    assert (EXAMPLES.keys() | ACTIONS.keys()) - names == set(), "examples of addresses there are no more"
    assert EXAMPLES.keys() & ACTIONS.keys() == set()


def test_every_address_ends_with_a_slash_or_is_a_file():
    odd = [
        route
        for _name, route, _pattern in patterns()
        if route and not re.search(r"(/|/\?\$|\.\w+|/\$)$", route) and route not in PROBES
    ]
    assert odd == []
