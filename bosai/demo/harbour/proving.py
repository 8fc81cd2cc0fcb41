"""Milestones told and answered: the CSM claims or asks, the customer says yes, not yet, or nothing."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial

from bosai.demo.harbour.part import Part
from bosai.demo.harbour.story import Answer, Reach, Story
from milestones import verifying
from milestones.models import Ask, Verdict
from post import linking
from post.models import Link

DAYS = 30


class Proof:
    """The outcomes of one customer on one journey."""

    def __init__(
        self, part: Part, slug: str, story: Story, *, phase: str = "", words: Mapping[str, str] | None = None
    ) -> None:
        """`phase` names the sentences used for every milestone; `words` are known ones, by kind."""
        self.part, self.slug, self.story = part, slug, story
        self.phase, self.words = phase, words or {}

    def enter(self) -> None:
        for reach in self.story.reaches:
            if reach.told_at:
                self.part.stage.at(reach.told_at, partial(self._tell, reach))

    def _say(self, reach: Reach, kind: str) -> str:
        is_last = reach is self.story.reaches[-1]
        known = self.words.get(kind, "") if is_last else ""
        return known or self.part.phrases.say(self.phase or reach.step.key, kind)

    def _tell(self, reach: Reach, now: datetime) -> None:
        if self.part.is_gone(now):
            return
        if reach.step.is_claimed:
            self._claim(reach, now)
        else:
            self._ask(reach, now)
        self.part.stage.celebrate(now)
        if reach.answered_at:
            self.part.stage.at(reach.answered_at, partial(self._answer, reach))

    def _claim(self, reach: Reach, now: datetime) -> None:
        stage = self.part.stage
        day = reach.shown_on or now.astimezone(stage.calendar.zone).date()
        verifying.claim(
            enrolment=self.part.enrolments[self.slug],
            milestone=stage.milestones[reach.step.key],
            statement=self._say(reach, "statement"),
            reached_at=stage.calendar.measured_at(day),
            by=self.part.owner,
            now=now,
            number=self.part.phrases.value if reach.step.metric == "goal-reached" else None,
            words=self._say(reach, "said"),
            named_contact=self.part.champion,
            asked=None if self._is_asked(reach, now) else (),
            simulated=True,
        )

    def _is_asked(self, reach: Reach, now: datetime) -> bool:
        """Claims that are enough by themselves were often made without asking; no old question stays open."""
        is_of_late = now > self.part.stage.calendar.now - timedelta(days=DAYS)
        return is_of_late or reach.answer is not Answer.NOTHING

    def _ask(self, reach: Reach, now: datetime) -> None:
        verifying.ask(
            enrolment=self.part.enrolments[self.slug],
            milestone=self.part.stage.milestones[reach.step.key],
            contact=self.part.champion,
            by=self.part.owner,
            now=now,
            simulated=True,
        )

    def _answer(self, reach: Reach, now: datetime) -> None:
        if self.part.is_gone(now):
            return
        if reach.answer is Answer.YES:
            self._confirm(reach, now)
            return
        ask = self._open_ask(reach)
        verdict = verifying.contest(
            ask=ask, link=self._door(ask, now), words=self._say(reach, "no"), now=now, simulated=True
        )
        self.part.stage.celebrate(now)
        if reach.mended_at:
            reply_at = self.part.stage.calendar.at(self.part.next_workday(now), 10, 40)
            self.part.stage.at(reply_at, partial(self._reply, reach, verdict))
            self.part.stage.at(reach.mended_at, partial(self._confirm, reach))

    def _reply(self, reach: Reach, verdict: Verdict, now: datetime) -> None:
        answer = self._say(reach, "answer")
        verifying.answer_contest(verdict=verdict, answer=answer, by=self.part.owner, now=now, simulated=True)

    def _confirm(self, reach: Reach, now: datetime) -> None:
        if self.part.is_gone(now):
            return
        ask = self._open_ask(reach)
        verifying.confirm(ask=ask, link=self._door(ask, now), now=now, words=self._say(reach, "yes"))
        self.part.stage.celebrate(now)

    def _open_ask(self, reach: Reach) -> Ask:
        asks = Ask.objects.filter(enrolment=self.part.enrolments[self.slug], closed_at=None)
        return asks.select_related("enrolment", "contact__recipient").get(milestone__key=reach.step.key)

    def _door(self, ask: Ask, now: datetime) -> Link:
        """The link they would have got by mail."""
        token = linking.make(
            organisation=self.part.stage.organisation,
            purpose="confirm",
            subject_id=ask.pk,
            address=ask.contact.address,
            now=now,
            days=DAYS,
        )
        found = linking.find(token)
        assert found is not None, "made a moment ago"
        return found[1]
