"""A celebration is meant: a specific fact, a person, and nothing that sells."""

from datetime import timedelta

import pytest

from advocacy import celebrating
from advocacy.celebrating import NotReady
from advocacy.celebrating.authenticity import doubt_about
from advocacy.models import Celebration
from tests.advocacy.loop import gather, mails, reach, sweep

FACT = "Empty kilometres fell to 25.8% on 6 March"


@pytest.mark.once
@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("Upgrade to Pro and go further.", "Upgrade to"),
        ("20 % off your next year!", "20 % off"),
        ("Here is a special offer.", "special offer"),
        ("Jetzt buchen lohnt sich.", "Jetzt buchen"),
        ("Ihr Rabatt wartet.", "Rabatt"),
    ],
)
def test_words_that_sell_are_named(line, named):
    assert named in doubt_about(fact=FACT, has_guest=True, personal_line=line)


@pytest.mark.once
@pytest.mark.parametrize(
    "line",
    [
        "Your purchase orders go out a day earlier.",
        "You offered to show it to the depot in Brno: that made it.",
        "Orders with a discount fell by a third.",
        "Your team books every tour the day before.",
    ],
)
def test_what_a_customer_does_is_not_mistaken_for_it(line):
    assert doubt_about(fact=line, has_guest=True) == ""


@pytest.mark.once
def test_a_cheer_without_a_fact_is_not_specific():
    assert "nothing specific" in doubt_about(fact="Well done!", has_guest=True)
    assert doubt_about(fact="Score 78", has_guest=True) == ""


def test_a_line_that_sells_takes_it_out_of_the_hold_and_says_why(in_harbour, enrolment, metric, mara, now):
    reach(enrolment, metric, now)
    gather(in_harbour, now)
    row = Celebration.objects.select_related("enrolment").get()
    given = {"celebration": row, "by": mara, "now": now, "fact": row.fact, "guests": list(row.guests.all())}
    edited = celebrating.edit(personal_line="Upgrade to Pro.", **given)
    assert edited.state == "review"
    assert "Upgrade to" in edited.state_why
    with pytest.raises(NotReady, match="offers nothing"):
        celebrating.approve(celebration=edited, by=mara, now=now)
    with pytest.raises(NotReady, match="offers nothing"):
        celebrating.send_now(celebration=Celebration.objects.get(), by=mara, now=now)
    sweep(in_harbour, now + timedelta(days=3))
    assert mails() == []
    celebrating.edit(personal_line="You never let go of it.", **given)
    celebrating.approve(celebration=edited, by=mara, now=now)
    sweep(in_harbour, now + timedelta(days=3))
    assert len(mails()) == 1
