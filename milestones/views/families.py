"""What a journey's page says of its family: its base and what that says anew, or its variants."""

from dataclasses import dataclass

from milestones.fits import rule_words
from milestones.models import Journey, JourneyVersion
from milestones.varying import is_behind


@dataclass(frozen=True)
class Variant:
    journey: Journey
    rule: str
    is_published: bool
    is_behind: bool


@dataclass(frozen=True)
class FamilyPart:
    """`base` of a variant, `variants` of a base; neither of a journey that stands alone."""

    base: Journey | None
    made_from: JourneyVersion | None
    rule: str
    is_behind: bool
    newest: JourneyVersion | None
    variants: tuple[Variant, ...]
    can_compare: bool
    """Whether there is another version, a draft or a base to hold it against."""

    @property
    def has_news(self) -> bool:
        return self.is_behind or any(one.is_behind for one in self.variants)


def family_part(journey: Journey, version: JourneyVersion, *, can_manage: bool) -> FamilyPart:
    rows = journey.variants.select_related("for_segment").order_by("name", "pk")
    variants = [
        Variant(one, rule_words(one), one.current_version() is not None, is_behind(one)) for one in rows
    ]
    versions = journey.versions.all() if can_manage else journey.versions.exclude(published_at=None)
    return FamilyPart(
        base=journey.base,
        made_from=version.base_version,
        rule=rule_words(journey),
        is_behind=is_behind(journey),
        newest=journey.base.current_version() if journey.base else None,
        variants=tuple(one for one in variants if can_manage or one.is_published),
        can_compare=bool(journey.base_id) or versions.count() > 1,
    )
