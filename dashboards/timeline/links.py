"""Where an entry leads."""

from django.urls import reverse

from dashboards.timeline.facts import Facts


def link(facts: Facts, name: str, *args: str | int | None) -> str:
    """The address of a members' page of this organisation; empty when an id is missing."""
    return "" if None in args else reverse(name, args=[facts.organisation.slug, *args])
