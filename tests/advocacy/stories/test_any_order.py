"""Writing, asking, agreeing, publishing, taking back and waiting in random order: what must hold after each.

A page shows a story only while a consent stands to exactly what it shows, and names nobody beyond it.
"""

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest

from advocacy import storytelling
from advocacy.models import Channel, Story, StoryConsent, StoryEdition
from advocacy.storytelling import NotPossible, Way, showing
from advocacy.storytelling.contents import TEXTS, digest_of
from tests.advocacy.stories.telling import EVERYTHING, agree, begin, link_of, review, until

STEPS, LIVES, LIVES_AT_NIGHT = 18, 3, 500


class Life:
    """One story's life. Every method is one thing that somebody does."""

    def __init__(self, story, mara, now, chance):
        self.pk, self.mara, self.now, self.chance, self.asks = story.pk, mara, now, chance, []

    @property
    def story(self):
        return Story.objects.select_related("organisation", "customer", "quote_by").get(pk=self.pk)

    def time_passes(self):
        self.now += timedelta(days=self.chance.choice((0, 1, 9)))

    def somebody_writes(self):
        name = self.chance.choice(("title", "result", "learning", "about"))
        words = f"Text {self.chance.randrange(4)}"
        storytelling.edit(story=self.story, values={name: words}, by=self.mara, now=self.now)

    def they_are_asked(self):
        self.asks.append(review(self.story, self.mara, self.now))

    def they_agree(self):
        terms = replace(
            EVERYTHING,
            names_company=self.chance.random() < 0.5,
            names_person=self.chance.random() < 0.5,
            channels=self.chance.choice((("page",), ("page", "sales"), ("sales",))),
            until=self.chance.choice((None, until(self.now, 5))),
        )
        agree(self.chance.choice([*self.asks, *self.asks[-1:] * 4]), self.now, terms)

    def it_is_published(self):
        storytelling.publish(story=self.story, by=self.mara, now=self.now)

    def they_take_it_back(self):
        ask = self.chance.choice(self.asks)
        storytelling.withdraw(ask=ask, way=Way(link_of(ask, self.now)), now=self.now)

    def the_loop_comes_by(self):
        storytelling.expire_due(organisation=self.story.organisation, now=self.now)

    def we_take_it_down(self):
        storytelling.end(story=self.story, by=self.mara, now=self.now)

    def step(self):
        """Half of the time what comes next, else anything: most lives reach the page."""
        story = self.story
        acts = [
            self.time_passes, self.somebody_writes, self.they_are_asked, self.they_agree,
            self.it_is_published, self.they_take_it_back, self.the_loop_comes_by, self.we_take_it_down,
        ]  # fmt: skip
        onwards = {
            "draft": self.they_are_asked,
            "review": self.they_agree,
            "agreed": self.it_is_published,
            "down": self.somebody_writes,
        }
        goes_on = self.chance.random() < 0.6
        act = onwards.get(story.state, self.time_passes) if goes_on else self.chance.choice(acts)
        if act in (self.they_agree, self.they_take_it_back) and not self.asks:
            act = self.they_are_asked
        with suppress(NotPossible):
            act()

    def check(self):
        """Whether it is public."""
        story = self.story
        try:
            shown = showing.public(organisation=story.organisation, slug=story.slug, now=self.now)
        except showing.Gone:
            return False
        if shown is None:
            return False
        consent = StoryConsent.objects.get(story=story, ended_at=None)
        kept = StoryEdition.objects.get(story=story, number=story.edition)
        assert consent.edition == story.edition
        assert consent.digest == kept.digest == digest_of(kept.content)
        assert Channel.PAGE in consent.channels
        assert consent.until is None or self.now.date() <= consent.until
        assert all(getattr(shown, name) in (kept.content[name], "") for name in TEXTS)
        assert shown.title == story.title
        said = repr(shown)
        assert consent.names_company or "Kestrel" not in said
        assert consent.names_person or "Amara" not in said
        return True


@pytest.mark.parametrize("lives", [LIVES, pytest.param(LIVES_AT_NIGHT, marks=pytest.mark.nightly)], ids=str)
def test_a_page_shows_what_was_agreed_whatever_happens(reached, mara, now, lives):
    story, public = begin(reached, mara, now), 0
    neutral = {"background": "They began small.", "result": "It holds."}
    storytelling.edit(story=story, values=neutral, by=mara, now=now)
    for seed in range(lives):
        life = Life(story, mara, now + timedelta(days=20 * seed), Random(seed))
        for _ in range(STEPS):
            life.step()
            public += life.check()
        storytelling.end(story=life.story, by=mara, now=life.now)
        storytelling.edit(story=life.story, values={"title": f"Life {seed}"}, by=mara, now=life.now)
    assert public >= lives, "lives that never reach the page show nothing"
