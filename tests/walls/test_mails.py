"""Mails made of hostile words: whole, to one person, without a header or an element that somebody typed."""

import email
import email.policy
import re
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage
from typing import Any
from unittest import mock

import pytest
from django.template.loader import render_to_string
from django.utils import timezone

from advocacy import celebrating, convening
from advocacy.convening import letters
from advocacy.models import Celebration, Circle, CircleSeat, Introduction, Story, StoryAsk
from coaching import inviting, reminding
from coaching.models import Touchpoint
from customers.models import Contact
from dashboards import digests
from milestones import messaging
from milestones.models import Enrolment, Journey, Message, Verdict
from organisations import tenancy
from organisations.models import Organisation
from post import linking
from post.composing import compose
from post.models import Delivery, Recipient, WebhookEndpoint
from tests.hostile.corpus import payloads
from tests.house.examples import ACTIONS, EXAMPLES, NOBODY
from tests.house.ours import ROOT
from tests.services.browser import Browsers
from tests.walls.crawl import address
from tests.walls.days import next_monday
from tests.walls.sending import NOW, taken_back
from tests.walls.two import RIVAL, Two

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(1200),
    pytest.mark.once,
]
HEADERS = [
    "From", "Reply-To", "To", "Subject", "Date", "Message-ID", "List-Unsubscribe", "List-Unsubscribe-Post",
    "MIME-Version", "Content-Type",
]  # fmt: skip
PLANTED = re.compile(r"data-hostile|</?(?:script|iframe|svg|hostile-element)\b", re.IGNORECASE)
FAINT = """() => {
    const numbers = (colour) => colour.match(/[\\d.]+/g).map(Number);
    const linear = (part) => (part <= 10 ? part / 3295 : ((part / 255 + .055) / 1.055) ** 2.4);
    const light = ([r, g, b]) => .2126 * linear(r) + .7152 * linear(g) + .0722 * linear(b);
    const behind = (at) => {
        for (; at; at = at.parentElement) {
            const found = numbers(getComputedStyle(at).backgroundColor);
            if (found[3] !== 0) return found;
        }
        return [18, 18, 18];
    };
    const isRead = (at) => at.getClientRects().length
        && [...at.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
    return [...document.querySelectorAll("body *")].filter(isRead).filter((at) => {
        const both = [light(numbers(getComputedStyle(at).color)), light(behind(at))];
        return (Math.max(...both) + .05) / (Math.min(...both) + .05) < 4.5;
    }).map((at) => at.outerHTML.slice(0, 80));
}"""
"""Text with less than 4.5 to 1 against what is behind it."""
ENOUGH = 5  # of one purpose: more than it has templates
TYPED = " ".join(payloads()[30:36])
AHEAD = {"next_on": f"{NOW + timedelta(days=9):%Y-%m-%d}", "next_time": "10:00"}
SEND = {"then": "send"}
# What a person does, and whose client does it: each sends a mail with words of the rival in it.
DEEDS: list[tuple[str, str, dict[str, Any]]] = [
    ("milestones:question", "rival mara", {"contact": "contact"}),
    ("customers:outcome_question", "rival mara", {"contact": "contact"}),
    ("dashboards:wording_link", NOBODY, {}),
    ("dashboards:customer_page", NOBODY, {"answer": "no", "words": TYPED}),
    ("dashboards:customer_page", NOBODY, {"answer": "yes", "words": TYPED}),
    ("dashboards:copy", NOBODY, {"verdict": "verdict"}),
    ("dashboards:new_link", NOBODY, {}),
    ("dashboards:own_link", NOBODY, {}),
    ("dashboards:data_request", NOBODY, {"kind": "export"}),
    ("coaching:next_call", "rival mara", {**AHEAD, "place": TYPED[:300], "invite": "contact"}),
    ("coaching:resource_sending", "rival mara", {"contact": "contact", "words": TYPED}),
    (
        "coaching:recap",
        "rival mara",
        {"subject": TYPED[:150], "body": TYPED, "contacts": "contact", "then": "send"},
    ),
    ("office:invitation_resend", "rival ada", {}),
    ("advocacy:favour_new", "rival mara", {"kind": "review", "words": TYPED}),
    (
        "advocacy:story_question",
        "rival mara",
        {"kind": "interview", "contact": "told of", "questions": TYPED},
    ),
    ("advocacy:story_question", "rival mara", {"kind": "review", "contact": "told of"}),
    ("dashboards:story_link", NOBODY, {}),
    ("dashboards:story", NOBODY, {"edition": "edition", "channels": "page", "term": "0"}),
    ("customers:data_closing", "rival ada", {"answer": TYPED}),
    ("milestones:answer", "rival mara", {"answer": TYPED, "contact": "who contested"}),
    ("advocacy:favour_thanks", "rival mara", {"thanks": TYPED}),
    ("post:test_mail", "rival ada", {}),
]


@pytest.fixture(scope="module")
def drawn() -> Iterator[set[str]]:
    """Which templates of mails were filled."""
    names: set[str] = set()

    def draw(template: str, *given: Any) -> str:
        names.add(template)
        return render_to_string(template, *given)

    with mock.patch("ui.mail.render_to_string", draw):
        yield names


@pytest.fixture(scope="module")
def sent(two: Two, drawn: set[str]) -> list[tuple[Delivery, bytes]]:
    """A mail of each purpose, and the rival's celebrations, as they would leave. All of it is taken back."""
    rival = Organisation.objects.get(slug=RIVAL)
    with taken_back(), tenancy.within(rival):
        known = set(Delivery.objects.values_list("pk", flat=True))
        Recipient.objects.update(wish="all", opted_out_at=None)
        _gather_people(rival)
        ids = two.theirs.ids | _more_ids(two)
        for name, who, data in DEEDS:
            example = ACTIONS.get(name) or EXAMPLES[name][0]
            said = {key: ids.get(value, value) for key, value in data.items()}
            two.clients[who].post(address(name, example, two.theirs, RIVAL), said)
        _call_off(rival)
        _celebrate_again(rival)
        _send_digests(rival)
        _write_messages(rival)
        assert reminding.remind_all(organisation=rival, now=NOW + timedelta(days=1))
        rows = list(Delivery.objects.exclude(pk__in=known))
        made = [(row, compose(row, organisation=rival, sender="bosai@host.example", now=NOW)) for row in rows]
        return [(row, composed.message) for row, composed in made]


def _more_ids(two: Two) -> dict[str, Any]:
    """Somebody the story that is a draft is of, what is read by whoever is asked, and who contested."""
    draft, asked = Story.objects.get(state="draft"), StoryAsk.objects.get(kind="review", closed_at=None)
    people = Contact.objects.current().filter(customer=draft.customer_id).exclude(recipient=None)
    contest = Verdict.objects.get(pk=two.theirs["contest"])
    return {
        "told of": people.earliest("pk").pk,
        "edition": asked.edition,
        "who contested": contest.contact_id,
        "verdict": _answer_of(two.theirs.tokens["answered"]),
    }


def _answer_of(token: str) -> int:
    found = linking.find(token)
    assert found is not None
    return Verdict.objects.filter(contact=found[1].subject_id, withdrawn_at=None).latest("at").pk


def _call_off(rival: Organisation) -> None:
    """The calls that somebody was invited to above, as if they had heard of it."""
    Delivery.objects.filter(purpose="appointment").update(state="sent")
    Touchpoint.objects.filter(invitations__ended_at=None, state="planned").update(state="skipped")
    assert inviting.follow_all(organisation=rival, now=NOW)


def _celebrate_again(rival: Organisation) -> None:
    Delivery.objects.filter(purpose="celebration").delete()
    later = timezone.now() + timedelta(days=1)
    Celebration.objects.update(state="waiting", due_at=later)
    celebrating.post_due(organisation=rival, now=later)


def _send_digests(rival: Organisation) -> None:
    """Of the day to who manages, of the week to everybody else."""
    rival.memberships.update(digest="weekly")
    rival.memberships.filter(role="manager").update(digest="daily")
    made = digests.send_due(organisation=rival, now=next_monday(8))
    members = rival.memberships.filter(ended_at=None, user__is_active=True).count()
    channels = WebhookEndpoint.objects.listening().exclude(style=WebhookEndpoint.Style.SIGNED).count()
    assert made == members + channels


def _write_messages(rival: Organisation) -> None:
    """As if everybody had set out towards their milestone two nights ago; some wish for one mail a week."""
    noon = next_monday(12)
    Journey.objects.update(messages_since=noon - timedelta(days=30))
    Message.objects.filter(occasion="expectation").update(
        milestone_key="", days=1, is_on=True, asks_wording=True
    )
    Enrolment.objects.update(moved_at=noon - timedelta(days=1.5))
    gathered = list(Recipient.objects.values_list("pk", flat=True))[::2]
    Recipient.objects.filter(pk__in=gathered).update(wish="weekly", weekday=0)
    assert messaging.write_due(organisation=rival, now=noon)


def _gather_people(rival: Organisation) -> None:
    """Everybody in the circle hears of a meeting and of each other, and the two who wait are introduced."""
    Contact.objects.filter(erasures=None).update(left_on=None)  # one of the two had left
    circle = Circle.objects.select_related("organisation", "host").get()
    assert circle.host is not None
    starts_at = NOW + timedelta(days=9)
    values = {
        "title": TYPED[:120],
        "about": TYPED,
        "starts_at": starts_at,
        "minutes": 60,
        "place": TYPED[:300],
    }
    convening.plan(circle=circle, values=values, by=circle.host, now=NOW)
    letters.ask_in(CircleSeat.objects.with_people().here().earliest("pk"), now=NOW, simulated=False)
    row = Introduction.objects.with_people().get(state="asked")
    letters.ask_both(row, now=NOW, simulated=False)
    for contact in (row.seeker, row.peer):
        convening.answer(introduction=row, contact=contact, is_yes=True, now=NOW)
    CircleSeat.objects.update(told_at=None)
    assert convening.tell_news(organisation=rival, now=NOW)


def test_every_kind_of_mail_is_looked_at(sent: list[tuple[Delivery, bytes]], drawn: set[str]) -> None:
    assert {row.purpose for row, _message in sent} == set(Delivery.Purpose.values)
    templates = ROOT / "templates"
    mails = {str(path.relative_to(templates)) for path in templates.glob("emails/*/[!_]*.html")}
    assert mails - drawn == set()


def test_nobody_adds_a_header_or_a_recipient(sent: list[tuple[Delivery, bytes]]) -> None:
    for row, message in sent:
        parsed = _parsed(message)
        assert set(parsed.keys()) <= set(HEADERS), row.purpose
        assert len(parsed.keys()) == len(set(parsed.keys()))
        assert parsed["To"] == row.address
        assert all(ord(letter) >= 32 for name in parsed for letter in parsed[name])


def test_a_mail_is_whole(sent: list[tuple[Delivery, bytes]]) -> None:
    for row, message in sent:
        parsed = _parsed(message)
        assert not parsed.defects
        kinds = [part.get_content_type() for part in parsed.walk() if not part.is_multipart()]
        entry = ["text/calendar", "application/ics"] if row.purpose in ("appointment", "meeting") else []
        assert kinds == ["text/plain", "text/html", *entry]
        assert not any(part.defects for part in parsed.walk())
        assert max(map(len, message.split(b"\r\n"))) <= 998, row.purpose
        assert b"\r" not in message.replace(b"\r\n", b"")


def test_no_word_became_an_element(sent: list[tuple[Delivery, bytes]]) -> None:
    for row, message in sent:
        html = _parsed(message).get_body(("html",)).get_content()  # type: ignore[union-attr]
        planted = planted_in(html)
        assert planted == [], (row.purpose, planted[:2])


@pytest.mark.browser
def test_it_fits_a_phone_and_can_be_read_in_the_dark(
    sent: list[tuple[Delivery, bytes]], chromium: Browsers
) -> None:
    """Some of the words have hundreds of letters without a blank."""
    page = chromium.opener("")(width=390, height=844, dark=True)
    seen: Counter[str] = Counter()
    for row, message in sent:
        seen[row.purpose] += 1
        if seen[row.purpose] > ENOUGH:
            continue
        page.set_content(_parsed(message).get_body(("html",)).get_content())  # type: ignore[union-attr]
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, row.purpose
        assert page.evaluate(FAINT) == [], row.purpose
    chromium.close_contexts()


def planted_in(html: str) -> list[str]:
    """What somebody's words became: elements of theirs, and links that run."""
    tags = re.findall(r'<(?:"[^"]*"|[^>"])*>', html)
    bare = [re.sub(r'"[^"]*"', '""', tag) for tag in tags]  # what stands in quotes is no attribute
    return [
        *(tag for tag in bare if PLANTED.search(tag)),
        *re.findall(r'(?:href|src)="\s*(?:javascript|data:text|vbscript)', html, re.IGNORECASE),
    ]


def _parsed(message: bytes) -> EmailMessage:
    parsed = email.message_from_bytes(message, policy=email.policy.default)
    assert isinstance(parsed, EmailMessage)
    return parsed
