"""What a digest is made of: titles with lines, each with the customer it is about. Pure words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils.translation import ngettext

from customers.models import Customer
from dashboards.today.lines import Line
from organisations.models import Organisation


@dataclass(frozen=True)
class Item:
    when: str
    name: str
    url: str
    why: str
    words: str = ""
    """Somebody's own, shown as such."""
    is_bad: bool = False


@dataclass(frozen=True)
class Section:
    title: str
    said: str
    """How much of it there is: "2 calls"."""
    items: Sequence[Item]
    more: str = ""


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
) -> Item:
    url = page_url("dashboards:customer", organisation, customer.pk)
    return Item(when, customer.name, url, why, words, is_bad)


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
