"""What a digest is made of: titles with lines, each with the customer it is about. Pure words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils.translation import ngettext

from customers.models import Customer
from dashboards.today.lines import Line
from organisations.models import Organisation
from post.webhooks import Line as ChatLine
from post.webhooks import Part


@dataclass(frozen=True)
class Item:
    when: str
    name: str
    url: str
    why: str
    words: str = ""
    """Somebody's own, shown as such."""
    is_bad: bool = False
    open: str = ""
    """What of it a chat channel may read besides company and time: no person's name or word is in it."""


@dataclass(frozen=True)
class Section:
    title: str
    said: str
    """How much of it there is: "2 calls"."""
    items: Sequence[Item]
    more: str = ""
    in_all: int = 0


def page_url(name: str, organisation: Organisation, *args: int) -> str:
    return f"{settings.BOSAI_URL}{reverse(name, args=[organisation.slug, *args])}"


def item(
    customer: Customer,
    organisation: Organisation,
    *,
    when: str,
    why: str,
    words: str = "",
    is_bad: bool = False,
    open: str = "",
) -> Item:
    url = page_url("dashboards:customer", organisation, customer.pk)
    return Item(when, customer.name, url, why, words, is_bad, open)


def part_of(section: Section) -> Part:
    """A section as a chat channel reads it: companies and times."""
    lines = [
        ChatLine(item.name, item.url, ", ".join(filter(None, (item.when, item.open))))
        for item in section.items
    ]
    return Part(f"{section.title}: {section.said}", lines, max(section.in_all, len(lines)))


def items_of(lines: Iterable[Line], organisation: Organisation) -> list[Item]:
    """Lines of Today; what folds into one is said after it."""
    return [
        item(
            line.customer,
            organisation,
            when=line.when,
            why=" ".join(filter(None, (line.why, *(() if line.words else line.also)))),
            words=line.words,
            is_bad=line.is_bad,
        )
        for line in lines
    ]


def more_words(n: int) -> str:
    return ngettext("and %(n)d more", "and %(n)d more", n) % {"n": n} if n > 0 else ""
