"""Every mail of claims and celebrations: whole in both parts, light, and safe whatever people are called."""

import re
from datetime import datetime, timedelta
from html import unescape
from html.parser import HTMLParser

import pytest

from advocacy import celebrating
from advocacy.models import Celebration
from customers.models import Contact, Customer
from milestones import verifying
from milestones.models import Ask, Journey, Milestone, Verdict
from organisations.models import Organisation, User
from post import mime
from post.models import Delivery
from tests.milestones.asked import make_asking_enrolment, make_link, milestone, person

HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "O'Brien & Søn <ops@x.example>",
    "Amara\r\nBcc: everybody@x.example",
    "Amara\nSubject: You won",
    "{{ 7|add:7 }}{% now 'Y' %}",
    "[confirm link]",
    "[unsubscribe link]",
    "]]>--><!--",
    "</td></tr></table></body></html>",
    "= =?utf-8?q?Boss?= ==",
    ".\r\n.\r\nQUIT",
    "‮Amara‬​",
    "Ünïcödé 𝔸𝕞𝕒𝕣𝕒 אמרה 阿玛拉 🎉",
    "A" * 200,
    " ",
    "javascript:alert(1)",
    "%s %(name)s {0} \\x00",
]


class Balance(HTMLParser):
    """Counts what is opened and closed, and what could run or load."""

    VOID = {"meta", "br", "img", "link", "hr", "input"}

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.unmatched: list[str] = []
        self.dangerous: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("script", "img", "iframe", "object", "form", "link"):
            self.dangerous.append(tag)
        self.dangerous += [name for name, _ in attrs if name.startswith("on")]
        self.dangerous += [
            value for name, value in attrs if name == "href" and (value or "").startswith("javascript:")
        ]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self.open and self.open[-1] == tag:
            self.open.pop()
        else:
            self.unmatched.append(tag)


def every_mail(organisation: Organisation, mara: User, now: datetime) -> dict[str, Delivery]:
    """One life that sends each kind of mail once."""
    enrolment = make_asking_enrolment(organisation, owner=mara)
    Milestone.objects.update(hold_hours=0)
    name_everything(organisation, mara)
    verifying.claim(
        enrolment=enrolment, milestone=milestone(enrolment), statement=Said.fact, number=10.5,
        words=Said.words, link="https://kestrel.example/?a=1&b=<2>", reached_at=now, by=mara, now=now,
        named_contact=person_of(enrolment.customer),
    )  # fmt: skip
    ask = Ask.objects.get()
    link = make_link(ask, now=now)
    contest = verifying.contest(ask=ask, link=link, words=Said.words, now=now)
    verifying.answer_contest(verdict=contest, answer=Said.words, by=mara, now=now + timedelta(hours=1))
    verifying.send_new_link(link=link, now=now)
    verifying.answer_contest(
        verdict=contest, answer=f"{Said.words}!", by=mara, now=now + timedelta(hours=2), ask_again=False
    )
    again = Ask.objects.get(closed_at=None)
    yes = verifying.confirm(ask=again, link=link, words=Said.words, now=now + timedelta(hours=3))
    verifying.send_copy(verdict=yes, now=now + timedelta(hours=3))
    celebrating.gather(organisation=organisation, now=now + timedelta(hours=3))
    row = Celebration.objects.get(milestone_key="m1")
    celebrating.edit(
        celebration=row,
        by=mara,
        now=now,
        fact=row.fact,
        personal_line=Said.words,
        guests=list(row.guests.all()),
    )
    celebrating.send_now(celebration=row, by=mara, now=now + timedelta(hours=3))
    mails = Delivery.objects.order_by("id")
    return {f"{mail.purpose}-{mail.pk}": mail for mail in mails}


class Said:
    """What people typed in this test."""

    fact = "10 of 11 depots open with it"
    words = "Now I drink my coffee."
    name = ""


def person_of(customer: Customer) -> Contact:
    return customer.contacts.select_related("recipient").get(is_primary=True)


def name_everything(organisation: Organisation, mara: User) -> None:
    if not Said.name:
        return
    Contact.objects.filter(is_primary=True).update(name=Said.name[:200])
    Customer.objects.update(name=Said.name[:200])
    Milestone.objects.update(name=Said.name[:120], meaning=Said.name)
    Journey.objects.update(name=Said.name[:120])
    User.objects.update(name=Said.name[:120])
    Organisation.objects.update(name=Said.name[:120], sender_name=Said.name[:120], postal_address=Said.name)
    organisation.refresh_from_db()
    mara.refresh_from_db()


@pytest.fixture
def said(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(Said, "name", request.param)
    monkeypatch.setattr(Said, "fact", f"{request.param} in 10 of 11 depots".strip())  # specific: it leaves
    monkeypatch.setattr(Said, "words", request.param.strip() or "Well")
    return request.param


@pytest.mark.parametrize("said", HOSTILE, indirect=True)
def test_it_stays_whole_whatever_people_are_called(in_harbour, mara, now, said):
    mails = every_mail(in_harbour, mara, now)
    assert len(mails) >= 7
    for kind, mail in mails.items():
        page = Balance(mail.html)
        assert (page.open, page.unmatched, page.dangerous) == ([], [], []), kind
        assert "\n" not in mail.subject, kind
        assert mail.subject.strip(), kind
        assert len(mail.html.encode()) < 60_000, kind
        message = mime.build(
            mime.Mail(
                sender="post@harbour.example", sender_name=mail.from_name, to=mail.address,
                reply_to=mail.reply_to, subject=mail.subject, message_id=mail.message_id, date=now,
                unsubscribe_url="https://harbour.example/u/x/", text=mail.text, html=mail.html,
            )
        )  # fmt: skip
        head = message.split(b"\r\n\r\n")[0]
        assert b"\r\nBcc:" not in head, kind
        assert head.count(b"\r\nSubject:") == 1, kind


def test_it_says_in_text_whatever_it_says_in_html(in_harbour, mara, now):
    for kind, mail in every_mail(in_harbour, mara, now).items():
        links = {unescape(link) for link in re.findall(r'href="([^"]+)"', mail.html)}
        for link in links:
            assert link.startswith("mailto:") or link in mail.text, (kind, link)
        assert "&amp;" not in mail.text, kind
        assert "&#x27;" not in mail.text, kind


@pytest.mark.parametrize("purpose", ["confirmation", "celebration", "receipt", "link"])
def test_it_is_signed_and_can_be_refused(in_harbour, mara, now, purpose):
    found = [mail for mail in every_mail(in_harbour, mara, now).values() if mail.purpose == purpose]
    assert found
    for mail in found:
        for part in (mail.text, mail.html):
            assert "Mara Lindqvist" in part
            assert "[unsubscribe link]" in part
            assert "Kade 1" in part
        assert mail.reply_to == mara.email


def test_it_keeps_tokens_out_of_the_outbox(in_harbour, mara, now):
    for kind, mail in every_mail(in_harbour, mara, now).items():
        assert "/c/" not in mail.text, kind
        assert "/c/" not in mail.html, kind


def test_it_offers_nothing_and_asks_for_nothing_in_a_celebration(in_harbour, mara, now):
    [mail] = [one for one in every_mail(in_harbour, mara, now).values() if one.purpose == "celebration"]
    assert "This mail asks for nothing." in mail.text
    assert "This mail asks for nothing." in mail.html
    links = re.findall(r'href="([^"]+)"', mail.html)
    assert {link.split(":")[0] for link in links} <= {
        "[customer page]",
        "[reply link]",
        "[unsubscribe link]",
        "mailto",
    }


def test_it_greets_each_guest_by_name_and_quotes_the_right_person(in_harbour, mara, now):
    enrolment = make_asking_enrolment(in_harbour, owner=mara)
    verifying.claim(
        enrolment=enrolment, milestone=milestone(enrolment), statement="So it is", number=1, reached_at=now,
        by=mara, now=now,
    )  # fmt: skip
    ask = Ask.objects.get()
    verifying.confirm(ask=ask, link=make_link(ask, now=now), words="Now I drink my coffee.", now=now)
    Contact.objects.update(celebrate_with=True)
    celebrating.gather(organisation=in_harbour, now=now)
    row = Celebration.objects.get(milestone_key="m1")
    amara, tomas = person(enrolment.customer), person(enrolment.customer, "Tomás")
    assert "Dear Amara," in celebrating.preview(row, guest=amara).text
    assert "you, 12 March" in celebrating.preview(row, guest=amara).text
    assert "Dear Tomás," in celebrating.preview(row, guest=tomas).text
    assert "Amara Okafor, 12 March" in celebrating.preview(row, guest=tomas).text
    assert Verdict.objects.count() == 1


def test_it_signs_with_the_organisation_when_there_is_no_csm(in_harbour, now):
    enrolment = make_asking_enrolment(in_harbour)
    verifying.claim(
        enrolment=enrolment, milestone=milestone(enrolment, "m3"), statement="So it is", number=1,
        reached_at=now, by=None, now=now,
    )  # fmt: skip
    celebrating.gather(organisation=in_harbour, now=now)
    mail = celebrating.preview(Celebration.objects.get())
    assert "Harbour Analytics" in mail.text
    assert "None" not in mail.text
    assert "None" not in mail.html
