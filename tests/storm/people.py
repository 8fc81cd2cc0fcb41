"""Everybody at once: customers answer, Mara claims in several windows, Ada uploads.

python -m tests.storm.people SITE SEED FILE. What there is to do comes from `seeding`, as a file.
Prints a line for whatever the site has said yes to, with the number of achievements that makes ("done 1"),
and for each try that failed ("again …").
"""

import json
import random
import sys
import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from http.cookiejar import CookieJar
from itertools import batched
from pathlib import Path
from time import sleep
from typing import Any

from tests.storm import plan
from tests.storm.browsing import Browser, NoSuchFormError

CUSTOMERS_AT_ONCE = CLAIMS_AT_ONCE = 4
ROWS_PER_FILE = 20

_tongue = threading.Lock()


def say(line: str) -> None:
    with _tongue:
        sys.stdout.write(line + "\n")
        sys.stdout.flush()


def complain(why: str) -> None:
    say(f"again {why}")


def answer(browser: Browser, path: str) -> int:
    """A customer opens their link and says yes. Who finds it said already was heard the first time."""
    page = browser.open(path)
    try:
        browser.submit(page, "answer", answer="yes", words=plan.CONFIRMATION.fact)
    except NoSuchFormError:
        assert plan.CONFIRMATION.fact in page.text, f"neither question nor answer at {path}"
    return 1


def claim(browser: Browser, path: str) -> int:
    """Mara says what is so, and asks nobody. Sent again when the answer got lost: it is still one claim."""
    page = browser.open(path)
    browser.submit(page, "statement", statement=plan.CLAIM.fact, number="2", asked=None)
    return 1


def upload(browser: Browser, rows: Sequence[str]) -> int:
    """Ada brings a file: whose, and of what. Sent again when the answer got lost: a reading counts once."""
    page = browser.open(f"/o/{plan.SLUG}/imports/new/")
    given = {"kind": "readings", "mapping_text": "{}", "apply_at_once": "on"}
    browser.submit(page, "mapping_text", file=readings_of(rows), **given)
    return len(rows)


def readings_of(rows: Sequence[str]) -> str:
    whole = [f"{row},{_at},{plan.THRESHOLD + 2}" for row in rows]
    return "\n".join(["customer,metric,at,value", *whole, ""])


_at = datetime.now(UTC).isoformat(timespec="seconds")


class Person:
    """Acts one after the other, with a little time to think before each."""

    def __init__(self, site: str, seed: str, cookies: CookieJar | None = None) -> None:
        self.browser = Browser(site, complain, cookies, follows=False)
        self.dice = random.Random(seed)

    def do[T](self, act: Callable[[Browser, T], int], whats: Iterable[T], thinking: float = 0.5) -> None:
        """`act` returns how many achievements it was worth; `thinking` is the longest pause, in seconds."""
        for what in whats:
            sleep(self.dice.random() * thinking)
            worth = self.browser.patiently(lambda what=what: act(self.browser, what))
            say(f"done {worth}")


def signed_in(site: str, account: str) -> CookieJar:
    browser = Browser(site, complain)
    browser.sign_in(account, plan.PASSWORD)
    return browser.cookies


def main(site: str, seed: str, given: dict[str, Any]) -> None:
    links, claims = given["answers"], given["claims"]
    files = list(batched(given["readings"], ROWS_PER_FILE, strict=False))
    maras, adas = signed_in(site, plan.CSM), signed_in(site, plan.ADMIN)
    with ThreadPoolExecutor(CUSTOMERS_AT_ONCE + CLAIMS_AT_ONCE + 1) as everybody:
        acting = [
            everybody.submit(Person(site, f"{seed} customer {n}").do, answer, links[n::CUSTOMERS_AT_ONCE])
            for n in range(CUSTOMERS_AT_ONCE)
        ]
        acting += [
            everybody.submit(Person(site, f"{seed} Mara {n}", maras).do, claim, claims[n::CLAIMS_AT_ONCE])
            for n in range(CLAIMS_AT_ONCE)
        ]
        acting.append(everybody.submit(Person(site, f"{seed} Ada", adas).do, upload, files, 2.0))
    for person in acting:
        person.result()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], json.loads(Path(sys.argv[3]).read_text()))
