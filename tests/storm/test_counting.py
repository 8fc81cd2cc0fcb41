"""The storm's judge: it must not say that all is well when it is not."""

from dataclasses import replace
from email.message import EmailMessage

import pytest

from tests.services.smtp_sink import Arrived
from tests.storm.counting import Count, Posted, compare
from tests.storm.plan import CLAIM, CONFIRMATION, Route

NADIA, PAVEL = "nadia@customers.test", "pavel@customers.test"


def mail(address: str, route: Route | None = None, message_id: str = "") -> Arrived:
    message = EmailMessage()
    message["Subject"] = "Is it so?" if route is None else "Well done"
    message["Message-ID"] = message_id or f"<{address}-{route and route.milestone}>"
    message.set_content(f"Dear friend,\n\n{route.fact if route else 'is it so?'}\n")
    return Arrived("bosai@harbour.test", [address], message, b"")


def uncertain(address: str, route: Route | None = None) -> Posted:
    message_id = f"<{address}-{route and route.milestone}>"
    return Posted(message_id, address, route.fact if route else "is it so?", "uncertain")


def judged(*mails: Arrived, outbox: list[Posted] | None = None, is_met: bool = False) -> Count:
    """Nadia confirmed and was claimed for, Pavel confirmed."""
    achieved = [(NADIA, CONFIRMATION.milestone), (NADIA, CLAIM.milestone), (PAVEL, CONFIRMATION.milestone)]
    return compare(3, achieved, outbox or [], mails, {row.message_id for row in outbox or [] if is_met})


ALL = (mail(NADIA, CONFIRMATION), mail(NADIA, CLAIM), mail(PAVEL, CONFIRMATION))


def test_one_mail_each_is_what_was_promised():
    counted = judged(*ALL, mail(NADIA))
    assert (counted.achieved, counted.arrived, counted.faults()) == (3, 3, [])


def test_a_missing_celebration_is_lost():
    assert judged(*ALL[:2]).faults() == ["1 lost"]


@pytest.mark.parametrize(
    "again", [mail(PAVEL, CONFIRMATION, "<other@id>"), mail(PAVEL)], ids=["new", "other"]
)
def test_a_second_copy_is_doubled_whatever_its_id(again: Arrived):
    assert judged(*ALL, mail(PAVEL), again).faults() == ["1 doubled"]


def test_a_celebration_of_nothing_is_a_fault():
    assert judged(*ALL, mail(PAVEL, CLAIM)).faults() == ["1 celebrated without cause"]


def test_an_answer_that_was_taken_and_not_kept_is_a_fault():
    counted = compare(1, [], [], [], set())
    assert counted.faults() == ["1 answers were taken and not kept"]


def test_uncertain_is_not_lost_while_a_kill_explains_it():
    flagged = judged(*ALL[:2], outbox=[uncertain(PAVEL, CONFIRMATION)], is_met=True)
    assert (flagged.uncertain, flagged.uncertain_arrived, flagged.lost, flagged.faults()) == (1, 0, 0, [])


def test_uncertain_without_a_kill_is_a_fault():
    counted = judged(*ALL, outbox=[uncertain(PAVEL, CONFIRMATION)])
    assert counted.uncertain_arrived == 1
    assert counted.faults() == ["1 uncertain that no kill has met"]


def test_an_uncertain_question_excuses_no_lost_celebration():
    assert judged(*ALL[:2], outbox=[uncertain(PAVEL)], is_met=True).faults() == ["1 lost"]


def test_a_forgotten_mail_is_a_fault():
    assert replace(judged(*ALL), forgotten=1).faults() == ["1 forgotten"]
