"""From an achievement to a published story: what it says, who agreed, and when it is over."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from advocacy import recruiting, storytelling
from advocacy.ledger import lines_of
from advocacy.models import Story, StoryConsent, StoryEdition, StoryNumber, StoryUse
from advocacy.storytelling import NotAgreed, NotPossible, Way, showing
from organisations.models import Event
from post.models import Delivery, WebhookDelivery
from tests import factories
from tests.advocacy.stories.telling import (
    EVERYTHING,
    agree,
    amara,
    begin,
    link_of,
    publish,
    review,
    until,
)

DAY = timedelta(days=1)
NAMES = ("Amara", "Okafor", "Kestrel", "coffee")


def test_it_fills_the_draft_with_what_is_known_and_what_each_number_rests_on(reached, mara, now):
    story = begin(reached, mara, now)
    assert "yesterday’s numbers" in story.background
    assert "Milestone 1" in story.approach
    assert "78" in story.result
    number = StoryNumber.objects.get(story=story, metric__isnull=False)
    assert (number.before, number.after, number.label) == (12, 78, "Score")
    assert (number.before_reading.value, number.after_reading.value) == (12, 78)
    assert "2 readings" in number.source
    assert number.points == [["2026-01-05", 12.0], ["2026-03-06", 78.0]]


def test_one_achievement_is_told_once(reached, mara, now):
    first = begin(reached, mara, now)
    assert storytelling.draft(achievement=first.achievement, by=mara, now=now).pk == first.pk
    with pytest.raises(IntegrityError), transaction.atomic():
        Story.objects.create(
            organisation=first.organisation, customer=first.customer, achievement=first.achievement,
            slug="again", title="Again", made_at=now,
        )  # fmt: skip


def test_nothing_is_public_without_the_customers_yes(reached, mara, now):
    story = begin(reached, mara, now)
    with pytest.raises(NotAgreed):
        storytelling.publish(story=story, by=mara, now=now)
    review(story, mara, now)
    with pytest.raises(NotAgreed):
        storytelling.publish(story=story, by=mara, now=now)
    assert showing.public(organisation=story.organisation, slug=story.slug, now=now) is None


def test_it_asks_by_mail_and_sends_a_receipt_with_the_way_back(reached, mara, now):
    ask = review(begin(reached, mara, now), mara, now)
    asked = Delivery.objects.get(purpose="confirmation")
    assert "[story link]" in asked.text
    assert asked.reply_to == mara.email
    agree(ask, now)
    receipt = Delivery.objects.get(purpose="receipt")
    assert receipt.links[0]["days"] > 1000
    assert "take it back" in receipt.text


def test_it_shows_exactly_what_was_agreed(reached, mara, now):
    story, _ask = publish(reached, mara, now)
    shown = showing.public(organisation=story.organisation, slug=story.slug, now=now)
    assert (shown.company, shown.quote, shown.quote_by) == (
        "Kestrel Freight",
        "Now I drink my coffee.",
        "Amara Okafor",
    )
    Story.objects.filter(pk=story.pk).update(result="Slipped in past the verbs.")
    again = showing.public(organisation=story.organisation, slug=story.slug, now=now)
    assert "Slipped" not in again.result


def test_what_is_kept_and_was_changed_behind_our_back_is_not_shown(reached, mara, now):
    story, _ask = publish(reached, mara, now)
    kept = StoryEdition.objects.get(story=story)
    kept.content["result"] = "Forged."
    kept.save()
    with pytest.raises(showing.Gone):
        showing.public(organisation=story.organisation, slug=story.slug, now=now)


def test_it_names_nobody_who_did_not_agree_to_it(reached, mara, now):
    story = begin(reached, mara, now)
    values = {"about": "A freight company", "background": "They began small."}
    story = storytelling.edit(story=story, values=values, by=mara, now=now)
    quiet = replace(EVERYTHING, names_company=False, names_person=False)
    agree(review(story, mara, now), now, quiet)
    storytelling.publish(story=story, by=mara, now=now)
    shown = showing.public(organisation=story.organisation, slug=story.slug, now=now)
    assert (shown.company, shown.quote_by) == ("A freight company", "Somebody there")
    assert not any(name in repr(shown) for name in ("Kestrel", "Amara"))


def test_a_text_that_gives_the_name_away_is_not_published(reached, mara, now):
    story = storytelling.edit(
        story=begin(reached, mara, now), values={"result": "kestrel freight won."}, by=mara, now=now
    )
    agree(review(story, mara, now), now, replace(EVERYTHING, names_company=False))
    with pytest.raises(NotPossible, match="Kestrel Freight"):
        storytelling.publish(story=story, by=mara, now=now)


def test_only_whoever_said_it_can_agree_to_be_quoted(reached, mara, now):
    boss = factories.make_contact(reached.customer, "Tomás Silva")
    ask = storytelling.review(story=begin(reached, mara, now), contact=boss, by=mara, now=now)
    agree(ask, now)
    story = storytelling.publish(story=ask.story, by=mara, now=now)
    shown = showing.public(organisation=story.organisation, slug=story.slug, now=now)
    assert (shown.quote, shown.quote_by) == ("", "")


def test_any_edit_asks_again(reached, mara, now):
    story, _ask = publish(reached, mara, now)
    changed = storytelling.edit(story=story, values={"title": "Better"}, by=mara, now=now + DAY)
    assert (changed.state, changed.edition) == ("draft", story.edition + 1)
    assert StoryConsent.objects.get().ended_why == "edited"
    with pytest.raises(showing.Gone):
        showing.public(organisation=story.organisation, slug=story.slug, now=now + DAY)
    with pytest.raises(NotAgreed):
        storytelling.publish(story=changed, by=mara, now=now + DAY)
    agree(review(changed, mara, now + DAY), now + DAY)
    storytelling.publish(story=changed, by=mara, now=now + DAY)
    shown = showing.public(organisation=story.organisation, slug=story.slug, now=now + DAY)
    assert shown.title == "Better"


def test_an_edit_that_changes_nothing_asks_nobody(reached, mara, now):
    story, _ask = publish(reached, mara, now)
    same = storytelling.edit(story=story, values={"title": story.title}, by=mara, now=now)
    assert (same.state, same.edition) == ("published", story.edition)


def test_a_yes_to_what_was_changed_meanwhile_is_no_yes(reached, mara, now):
    ask = review(begin(reached, mara, now), mara, now)
    storytelling.edit(story=ask.story, values={"title": "Other"}, by=mara, now=now)
    with pytest.raises(NotPossible):
        agree(ask, now)
    assert not StoryConsent.objects.exists()


def test_the_customer_takes_it_back(reached, mara, now):
    story, ask = publish(reached, mara, now)
    storytelling.note_use(
        story=story, channel="sales", place="Deck of spring", used_on=now.date(), by=mara, now=now
    )
    storytelling.withdraw(ask=ask, way=Way(link_of(ask, now)), words="We were bought.", now=now + DAY)
    consent, row = StoryConsent.objects.get(), Story.objects.get()
    assert (consent.ended_why, consent.ended_words, row.state) == ("withdrawn", "We were bought.", "down")
    with pytest.raises(showing.Gone):
        showing.public(organisation=story.organisation, slug=story.slug, now=now + DAY)
    assert [use.place for use in StoryUse.objects.to_take_down()] == ["Deck of spring"]
    storytelling.end_use(use=StoryUse.objects.get(), by=mara, now=now + DAY)
    assert not StoryUse.objects.to_take_down().exists()


def test_nobody_else_takes_it_back_or_agrees(reached, mara, now):
    ask = review(begin(reached, mara, now), mara, now)
    other = link_of(ask, now, purpose="customer", subject_id=ask.contact_id)
    with pytest.raises(NotPossible):
        storytelling.agree(ask=ask, edition=ask.edition, terms=EVERYTHING, way=Way(other), now=now)
    agree(ask, now)
    with pytest.raises(NotPossible):
        storytelling.withdraw(ask=ask, way=Way(other), now=now)
    assert StoryConsent.objects.get().ended_at is None


def test_a_term_ends_by_itself_and_the_page_at_once(reached, mara, now):
    story, _ask = publish(reached, mara, now, replace(EVERYTHING, until=until(now, 30)))
    house, slug = story.organisation, story.slug
    assert showing.public(organisation=house, slug=slug, now=now + 30 * DAY)
    with pytest.raises(showing.Gone):
        showing.public(organisation=house, slug=slug, now=now + 31 * DAY)
    assert storytelling.expire_due(organisation=house, now=now + 30 * DAY) == 0
    assert storytelling.expire_due(organisation=house, now=now + 31 * DAY) == 1
    assert storytelling.expire_due(organisation=house, now=now + 31 * DAY) == 0
    assert StoryConsent.objects.get().ended_why == "expired"


def test_a_use_needs_a_consent_to_that_use(reached, mara, now):
    story, _ask = publish(reached, mara, now)
    with pytest.raises(NotAgreed, match="a public page"):
        storytelling.note_use(
            story=story, channel="press", place="Daily", used_on=now.date(), by=mara, now=now
        )


def test_answers_to_questions_come_back_once(reached, mara, now):
    story = begin(reached, mara, now)
    ask = storytelling.interview(
        story=story, contact=amara(story.customer), questions=["How was it?", "And now?"], by=mara, now=now
    )
    way = Way(link_of(ask, now))
    with pytest.raises(storytelling.Incomplete):
        storytelling.answer(ask=ask, answers=["", " "], way=way, now=now)
    storytelling.answer(ask=ask, answers=["Long weeks."], way=way, now=now)
    again = storytelling.answer(ask=ask, answers=["Other."], way=way, now=now)
    assert again.pairs == [("How was it?", "Long weeks."), ("And now?", "")]
    assert Event.objects.filter(verb="story_interview_answered").count() == 1


def test_changes_wanted_bring_it_back_to_the_desk(reached, mara, now):
    ask = review(begin(reached, mara, now), mara, now)
    storytelling.want_changes(ask=ask, words="Leave the numbers out.", way=Way(link_of(ask, now)), now=now)
    assert Story.objects.get().state == "draft"
    with pytest.raises(NotPossible):
        agree(ask, now)


def test_the_log_names_nobody_and_other_systems_hear_of_it(reached, mara, ada, now):
    from post import webhooks

    webhooks.add(
        organisation=reached.organisation, about="CMS", by=ada, now=now,
        kinds=["story.published", "story.withdrawn"], url="https://cms.harbour.example/hooks",
    )  # fmt: skip
    story, ask = publish(reached, mara, now)
    storytelling.withdraw(ask=ask, way=Way(link_of(ask, now)), words="No more, says Amara.", now=now)
    said = repr(list(Event.objects.filter(verb__startswith="story").values_list("data", flat=True)))
    told = "".join(WebhookDelivery.objects.order_by("id").values_list("body", flat=True))
    assert not any(name in said for name in NAMES)
    assert not any(name in told for name in ("Amara", "coffee"))
    assert list(WebhookDelivery.objects.order_by("id").values_list("kind", flat=True)) == [
        "story.published",
        "story.withdrawn",
    ]
    assert f"/s/harbour/{story.slug}/" in told


def test_erasing_a_person_leaves_nothing_of_them_in_a_story(reached, mara, ada, now):
    story, ask = publish(reached, mara, now)
    contact = amara(story.customer)
    named = storytelling.edit(story=story, values={"learning": "Ask Amara Okafor."}, by=mara, now=now)
    ask = review(named, mara, now)
    agree(ask, now)
    left = storytelling.forget(contact=contact, by=ada, now=now)
    assert [row.pk for row in left] == [story.pk], "what members typed is theirs to take out"
    row = Story.objects.get()
    assert (row.state, row.quote, row.quote_by) == ("down", "", None)
    assert not StoryEdition.objects.exists()
    assert StoryConsent.objects.filter(contact=contact).count() == 0
    contact.delete()
    assert Event.objects.filter(verb="story_consent_given").exists(), "the log stays whole"


def test_a_story_counts_once_among_what_is_asked_of_a_person(reached, mara, theo, in_harbour, now):
    values = {"asks": 1, "rest_days": {}}
    recruiting.save_terms(organisation=in_harbour, values=values, by=theo, now=now)
    story = begin(reached, mara, now)
    person = amara(story.customer)
    storytelling.interview(story=story, contact=person, questions=["How was it?"], by=mara, now=now)
    review(story, mara, now + DAY)  # it goes on: the same story is not asked for twice
    assert [line.what for line in lines_of(person, now=now + DAY) if line.is_counted] == [
        f"to help tell “{story.title}”"
    ]
    about = {"organisation": in_harbour, "customer": story.customer, "made_at": now}
    other = Story.objects.create(title="Another", slug="another", **about)
    with pytest.raises(NotPossible, match="was asked 1 time in 90 days"):
        storytelling.interview(story=other, contact=person, questions=["And now?"], by=mara, now=now + DAY)
