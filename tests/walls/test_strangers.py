"""What belongs to somebody else answers as what does not exist: same status, same bytes, nothing done."""

import re
from collections.abc import Iterator

import pytest

from tests.house.examples import NOBODY, Example
from tests.house.lived_in import LIVED_IN, World
from tests.house.patterns import is_members
from tests.walls.crawl import METHODS, address, ask, once
from tests.walls.two import NOWHERE, PEOPLE, RIVAL, Two

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("behind_one_wall"),
    pytest.mark.timeout(1200),
]
OFTEN = ("GET", "POST")  # by everybody; the other methods by an admin
# Open to everybody, so there is a difference to see between one that exists and one that does not.
OPEN = {
    "organisations:theme": "a colour, which mails and customers' pages wear",
    "coaching:calendar_feed": "whoever holds it is let in; for others see tests/coaching/test_calendar.py",
}


def pairs(two: Two) -> Iterator[tuple[str, str, str, list[str]]]:
    """In which organisation; an address of the rival's, the same of nobody's; in which words they differ."""
    for name, example in once():
        if not is_members(name):
            continue
        ours = [(LIVED_IN, LIVED_IN)] if example.args else []
        elsewhere = [(RIVAL, NOWHERE)] if name not in OPEN else []
        for theirs_at, nobodys_at in [*ours, *elsewhere]:
            theirs = address(name, example, two.theirs, theirs_at)
            nobodys = address(name, example, two.nobodys, nobodys_at)
            if theirs == nobodys:  # it names no row
                continue
            words = [*_words(example, two.theirs), *_words(example, two.nobodys), RIVAL, NOWHERE]
            yield theirs_at, theirs, nobodys, words


def _words(example: Example, world: World) -> list[str]:
    known = [str(world.ids.get(arg) or world.tokens.get(arg) or arg) for arg in example.args]
    return known + [token for said, token in world.tokens.items() if said in example.query]


def questions() -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Who asks how, and where: the rival's organisation is a strange one for every member alike."""
    for who in (NOBODY, *PEOPLE):
        for method in METHODS if who == "ada" else OFTEN:
            yield who, method, (LIVED_IN, RIVAL) if who in (NOBODY, "ada") else (LIVED_IN,)


def test_what_is_the_rivals_is_as_if_it_did_not_exist(two: Two) -> None:
    told, asked, every = {}, 0, list(pairs(two))
    for who, method, places in questions():
        client = two.clients[who]
        for _at, theirs, nobodys, words in (pair for pair in every if pair[0] in places):
            answer, nothing = ask(client, method, theirs), ask(client, method, nobodys)
            asked += 1
            if answer.without(*words) != nothing.without(*words):
                told[who, method, theirs] = answer.status, nothing.status
            if answer.written or re.search(r"\b7000\d{4}\b", answer.without(*words)[1]):
                told[who, method, theirs] = answer.written, answer.given_away
    assert told == {}
    assert asked > 1_000
