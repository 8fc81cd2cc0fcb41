"""From an achievement to a draft filled with what is known, and how a draft is written on."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone, translation
from django.utils.text import slugify
from django.utils.translation import gettext as _

from advocacy.models import Story, StoryAsk, StoryConsent, StoryNumber
from advocacy.models.stories import SLUG_LENGTH
from advocacy.storytelling import letters
from advocacy.storytelling.contents import TEXTS
from advocacy.storytelling.ending import end_consent
from advocacy.storytelling.faults import Incomplete, NotPossible
from advocacy.storytelling.materials import gather
from advocacy.storytelling.noting import holding, log
from milestones.models import Achievement
from organisations.models import User

State = Story.State
WRITTEN = (*TEXTS, "quote_by")


def draft(*, achievement: Achievement, by: User, now: datetime) -> Story:
    """A story of this achievement; the one there is, is given back. Raises NotPossible."""
    organisation = achievement.organisation
    found = Story.objects.filter(achievement=achievement.pk).first()
    if found is not None:
        return found
    related = ("milestone", "organisation", "enrolment__customer__organisation", "enrolment__journey")
    with translation.override(organisation.language), timezone.override(organisation.tzinfo):
        row = Achievement.objects.select_related(*related).get(pk=achievement.pk)
        if row.withdrawn_at is not None:
            raise NotPossible(_("The milestone is not reached any more, so there is nothing to tell."))
        try:
            with transaction.atomic():
                return _make(row, by=by, now=now)
        except IntegrityError:  # somebody else began it a moment ago
            same = Story.objects.filter(achievement=row.pk).first()
            if same is None:
                raise
            return same


def _make(achievement: Achievement, *, by: User, now: datetime) -> Story:
    customer, known = achievement.enrolment.customer, gather(achievement, now=now)
    quote = known.quotes[0] if known.quotes else None
    story = Story.objects.create(
        organisation=achievement.organisation,
        customer=customer,
        achievement=achievement,
        slug=_free_slug(achievement.milestone.name),
        title=achievement.milestone.name[:160],
        about=customer.about,
        background=known.background,
        approach=known.approach,
        result=known.result,
        quote=quote.words if quote else "",
        quote_by=quote.contact if quote else None,
        quote_from=quote.said[:160] if quote else "",
        made_at=now,
        made_by=by,
    )
    StoryNumber.objects.bulk_create(
        StoryNumber(organisation=achievement.organisation, story=story, **row) for row in known.numbers
    )
    log(story, "story_drafted", by=by, now=now, milestone_id=achievement.milestone_id)
    return story


def edit(
    *, story: Story, values: Mapping[str, Any], numbers: Mapping[int, bool] | None = None,
    edition: int | None = None, by: User, now: datetime,
) -> Story:  # fmt: skip
    """Write the `WRITTEN` values that differ, and which numbers are shown, as the next edition.

    A consent to what stood there before ends, and a page that showed it comes down with it: whoever agreed
    is asked again. `edition`: the one whose text was on the form. Raises Incomplete, NotPossible.
    """
    given = {name: values[name] for name in WRITTEN if name in values}
    if not str(given.get("title", "-")).strip():
        raise Incomplete("title", _("A story needs a title: what is so now, in one line."))
    with holding(story) as row:
        if edition is not None and edition != row.edition:
            raise NotPossible(
                _("Somebody changed this story while you wrote. Yours is below; theirs is on its page.")
            )
        _check_person(row, given)
        changed = [name for name, value in given.items() if getattr(row, name) != value]
        shown = _show_numbers(row, numbers or {})
        if not changed and not shown:
            return row
        for name in changed:
            setattr(row, name, given[name])
        _start_anew(row, by=by, now=now)
        row.edition += 1
        row.save(update_fields=[*changed, "edition", "state", "down_at"])
        log(row, "story_edited", by=by, now=now, fields=[*changed, *(["numbers"] if shown else [])])
    return row


def _start_anew(row: Story, *, by: User, now: datetime) -> None:
    """Back to a draft: nobody has agreed to what it says now."""
    consent = StoryConsent.objects.filter(story=row, ended_at=None).first()
    if consent is not None:
        end_consent(row, consent, why=StoryConsent.End.EDITED, by=by, now=now)
    for ask in StoryAsk.objects.filter(story=row, kind=StoryAsk.Kind.REVIEW, closed_at=None):
        ask.closed_at = now
        ask.save(update_fields=["closed_at"])
        letters.hold_back(ask, why=_("the story was changed"))
    row.state, row.down_at = State.DRAFT, None


def _show_numbers(row: Story, wanted: Mapping[int, bool]) -> bool:
    changed = False
    for number in StoryNumber.objects.filter(story=row, pk__in=wanted):
        if number.is_shown != wanted[number.pk]:
            number.is_shown, changed = wanted[number.pk], True
            number.save(update_fields=["is_shown"])
    return changed


def _check_person(row: Story, given: Mapping[str, Any]) -> None:
    contact = given.get("quote_by")
    if contact is not None and contact.customer_id != row.customer_id:
        raise Incomplete("quote_by", _("Name a person at this customer."))
    quote, by = given.get("quote", row.quote), given.get("quote_by", row.quote_by)
    if str(quote).strip() and by is None:
        raise Incomplete("quote_by", _("Say who said this. Words of nobody are not quoted."))


def _free_slug(title: str) -> str:
    base = slugify(title)[: SLUG_LENGTH - 8].strip("-") or "story"
    taken = set(Story.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    number = 1
    while (slug := base if number == 1 else f"{base}-{number}") in taken:
        number += 1
    return slug
