"""With the broker dead, pages answer as ever and mail goes all the same: the broker only wakes."""

import shutil
from collections.abc import Callable

import pytest

from tests.services.processes import wait_until
from tests.storm import plan
from tests.storm.browsing import Browser
from tests.storm.counting import milestone_in
from tests.storm.people import answer, claim, upload
from tests.storm.preparing import fill

pytestmark = [pytest.mark.slow, pytest.mark.alone]
SAVED_WITHIN, SENT_WITHIN = 1.5, 15.0  # seconds


def refuse_to_try_again(why: str) -> None:
    raise AssertionError(f"a page did not answer: {why}")


def signed_in(site: str, account: str = "") -> Browser:
    browser = Browser(site, refuse_to_try_again)
    if account:
        browser.sign_in(account, plan.PASSWORD)
    return browser


def see_it_work(installation, smtp_sink, die: Callable[[], None]) -> None:
    """Three customers on three routes, the first each while the broker lives: so that every page is warm."""
    installation.start()
    given = fill(installation, 21)
    acts = {
        "an answer": (answer, signed_in(installation.url), given["answers"]),
        "a claim": (claim, signed_in(installation.url, plan.CSM), given["claims"]),
        "an import": (upload, signed_in(installation.url, plan.ADMIN), [[row] for row in given["readings"]]),
    }
    for act, browser, whats in acts.values():
        act(browser, whats[0])
    wait_for_celebrations(smtp_sink, 3, 30)
    die()
    for turn in (1, 2):
        for name, (act, browser, whats) in acts.items():
            act(browser, whats[turn])
            assert browser.saved_in < SAVED_WITHIN, f"{name}, number {turn} without a broker"
    wait_for_celebrations(smtp_sink, 9, SENT_WITHIN)


def wait_for_celebrations(sink, count: int, seconds: float) -> None:
    def arrived() -> bool:
        return len([mail for mail in sink.mails() if milestone_in(mail.text)]) >= count

    wait_until(arrived, f"{count} celebrations, {sink.count()} mails came", seconds)


def test_with_the_broker_folder_gone(installation, smtp_sink):
    see_it_work(installation, smtp_sink, lambda: shutil.rmtree(installation.state / "broker"))


@pytest.mark.postgres
def test_with_redis_refusing(installation, smtp_sink, redis_server):
    see_it_work(installation, smtp_sink, redis_server.kill)


@pytest.mark.postgres
def test_with_redis_swallowing_all_it_hears(installation, smtp_sink, redis_server):
    see_it_work(installation, smtp_sink, redis_server.freeze)
