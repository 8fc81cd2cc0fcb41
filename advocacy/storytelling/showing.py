"""A story as others read it: the agreed edition, within the limits of the consent, asked at every look."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from advocacy.models import Channel, Story, StoryConsent, StoryEdition
from advocacy.storytelling.contents import content_of, digest_of
from customers.models import Contact
from milestones.evidence import amount_words
from organisations.models import Organisation


class Gone(Exception):
    """It was public, and is not any more."""


@dataclass(frozen=True)
class ShownNumber:
    """One number with what it rests on."""

    label: str
    before: str
    after: str
    before_on: date | None
    after_on: date | None
    source: str
    values: list[float]
    rows: list[tuple[date, str]]
    """The drawing's table."""
    pk: int

    @property
    def said(self) -> str:
        return f"{self.before} → {self.after}" if self.before else self.after


@dataclass(frozen=True)
class Shown:
    """What one reader sees. Names that were not agreed to are not in it."""

    title: str
    company: str
    is_named: bool
    about: str
    background: str
    approach: str
    result: str
    learning: str
    quote: str
    quote_by: str
    quote_title: str
    quote_from: str
    incentive: str
    numbers: list[ShownNumber]
    published_at: datetime | None = None
    until: date | None = None

    @property
    def lead(self) -> str:
        """Its first sentence for cards and search engines."""
        return " ".join(self.result.split())[:200]


def public(*, organisation: Organisation, slug: str, now: datetime) -> Shown | None:
    """The page under this address; None where there never was one. Raises Gone.

    Nothing is remembered between two looks: the consent is asked each time, its digest compared.
    """
    rows = Story.objects.select_related("organisation", "customer", "quote_by")
    story = rows.filter(slug=slug).first()
    if story is None or story.published_at is None:
        return None
    consent = StoryConsent.objects.filter(story=story, ended_at=None).first()
    if consent is None or not story.is_public or Channel.PAGE not in consent.channels:
        raise Gone
    consent.organisation = organisation
    kept = StoryEdition.objects.filter(story=story, number=consent.edition).first()
    is_same = kept is not None and consent.edition == story.edition
    if kept is None or not is_same or not consent.holds(now) or digest_of(kept.content) != consent.digest:
        raise Gone
    return shown(story, kept.content, consent)


def agreed(story: Story, *, consent: StoryConsent) -> Shown:
    """What the consent lets others see, for handing on."""
    kept = StoryEdition.objects.get(story=story, number=consent.edition)
    return shown(story, kept.content, consent)


def preview(story: Story, *, edition: StoryEdition | None = None) -> Shown:
    """All of it with every name, as the customer reads it before they agree."""
    return shown(story, edition.content if edition else content_of(story), None)


def shown(story: Story, content: dict[str, Any], consent: StoryConsent | None) -> Shown:
    """Without a consent: everything, for those who may read it anyway."""
    is_named = consent is None or consent.names_company
    unnamed = content["about"] or _("A customer of %(name)s") % {"name": story.organisation.name}
    has_quote = bool(content["quote"]) and (consent is None or allows_quote(consent, content["quote_by"]))
    speaker = _speaker(story, content["quote_by"]) if has_quote else None
    name, title = _called(speaker, story, consent)
    return Shown(
        title=content["title"],
        company=story.customer.name if is_named else unnamed,
        is_named=is_named,
        about=content["about"],
        background=content["background"],
        approach=content["approach"],
        result=content["result"],
        learning=content["learning"],
        quote=content["quote"] if has_quote else "",
        quote_by=name if has_quote else "",
        quote_title=title if has_quote else "",
        quote_from=content["quote_from"] if has_quote else "",
        incentive=content["incentive"],
        numbers=[_number(row) for row in content["numbers"]],
        published_at=story.published_at,
        until=consent.until if consent else None,
    )


def allows_quote(consent: StoryConsent, quote_by: int | None) -> bool:
    """Only whoever said it can agree to be quoted."""
    return consent.shows_quote and consent.contact_id is not None and consent.contact_id == quote_by


def _speaker(story: Story, pk: int | None) -> Contact | None:
    if story.quote_by_id == pk:
        return story.quote_by
    found: Contact | None = Contact.objects.filter(pk=pk).first()
    return found


def _called(speaker: Contact | None, story: Story, consent: StoryConsent | None) -> tuple[str, str]:
    if speaker is None or (consent is not None and not consent.names_person):
        return _("Somebody there"), ""
    return speaker.name, speaker.title


def _number(row: dict[str, Any]) -> ShownNumber:
    points = [(date.fromisoformat(day), value) for day, value in row["points"]]
    return ShownNumber(
        label=row["label"],
        before=_amount(row["before"], row["unit"]),
        after=_amount(row["after"], row["unit"]),
        before_on=date.fromisoformat(row["before_on"]) if row["before_on"] else None,
        after_on=date.fromisoformat(row["after_on"]) if row["after_on"] else None,
        source=row["source"],
        values=[value for _day, value in points] if len(points) > 1 else [],
        rows=[(day, _amount(value, row["unit"])) for day, value in points] if len(points) > 1 else [],
        pk=row["id"],
    )


def _amount(value: float | None, unit: str) -> str:
    return "" if value is None else amount_words(round(value, 2), unit)
