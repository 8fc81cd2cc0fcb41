"""The tags and filters every template has without loading them: words, links, forms, and everything drawn."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.contrib.messages.storage.base import Message
from django.forms import BaseForm, BoundField
from django.http import HttpRequest
from django.template import Context, Library
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from ui import colours, figures, icons, mail_drawings, markdown, moments, toasts
from ui.fields import Fault, dressed, faults
from ui.stones import Stone
from ui.templatetags import ui_drawings

register = Library()
register.tags.update(ui_drawings.register.tags)
register.filter("percent", figures.percent)
register.filter("initials", figures.initials)
register.filter("markdown", markdown.page_html)
register.simple_tag(figures.interval_words, name="interval")
register.simple_tag(icons.icon, name="icon")
register.simple_tag(colours.mail_colours, name="mail_colours")
THEMES = ("light", "dark")


# Words


def _now(context: Context) -> datetime:
    """The request's clock. Mails pass `now`; what has neither is an edge of its own."""
    request = context.get("request")
    return context.get("now") or getattr(request, "now", None) or timezone.now()


@register.simple_tag(takes_context=True)
def when(context: Context, at: datetime | None) -> str:
    """A moment for people, the exact time on hover."""
    if at is None:
        return figures.UNKNOWN
    words = moments.when_words(at, now=_now(context))
    return format_html(
        '<time datetime="{}" title="{}">{}</time>', at.isoformat(), moments.exact_words(at), words
    )


@register.simple_tag(takes_context=True)
def clock(context: Context, at: datetime | None) -> str:
    """Only the time of day: "09:05"."""
    if at is None:
        return figures.UNKNOWN
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        at.isoformat(),
        moments.exact_words(at),
        moments.clock_words(at),
    )


@register.simple_tag(takes_context=True)
def day(context: Context, at: date | datetime | None, short: bool = False) -> str:
    """A day for people. A moment is taken in the reader's zone. `short` writes "14 Nov"."""
    if at is None:
        return figures.UNKNOWN
    today = moments.local(_now(context)).date()
    the_day = moments.local(at).date() if isinstance(at, datetime) else at
    words = moments.short_day(the_day, today=today) if short else moments.day_words(the_day, today=today)
    return format_html(
        '<time datetime="{}" title="{}">{}</time>', the_day.isoformat(), moments.full_date(the_day), words
    )


@register.inclusion_tag("ui/figure.html")
def figure(
    label: str,
    value: object,
    *,
    of: object = "",
    definition: str = "",
    href: str = "",
    link: str = "",
    note: str = "",
) -> dict[str, Any]:
    """A key figure with its company: n, interval, target, definition and a link to the rows behind it.

    `value` is a rate (`ui.figures.Rate` or alike) or anything else; `of` stands small beside it.
    """
    rate = value if hasattr(value, "share") else None
    said = figures.percent(rate.share) if rate is not None else value
    return {
        "label": label,
        "rate": rate,
        "value": said,
        "of": of,
        "definition": definition,
        "href": href,
        "link": link,
        "note": note,
    }


@register.inclusion_tag("ui/definition.html")
def definition(term: str, text: str) -> dict[str, str]:
    """A question mark that opens what a term means. Works without JavaScript."""
    return {"term": term, "text": text}


@register.filter
def undo_url(message: Message) -> str:
    """Where a toast's "Undo" posts to; empty when there is nothing to undo."""
    return toasts.undo_of(message)


# Links and the page around


@register.simple_tag(takes_context=True)
def nav_url(context: Context, *names: str) -> str:
    """The address of the first of these pages that exists, in this organisation; nothing when none does."""
    slug = getattr(context.get("organisation"), "slug", None)
    for name in names:
        for args in ([slug], []) if slug else ([],):
            try:
                return reverse(name, args=args)
            except NoReverseMatch:
                continue
    return "#" if settings.DEBUG else ""


@register.simple_tag(takes_context=True)
def theme(context: Context) -> SafeString:
    """The theme chosen in this browser, as an attribute of <html>: drawn right from the first pixel."""
    request: HttpRequest | None = context.get("request")
    chosen = request.COOKIES.get("theme", "") if request else ""
    return format_html(' data-theme="{}"', chosen) if chosen in THEMES else SafeString("")


# Forms


@register.inclusion_tag("ui/field.html")
def field(
    bound: BoundField,
    look: str = "",
    label: str = "",
    css: str = "",
    optional: bool = True,
    placeholder: str = "",
    autofocus: bool = False,
) -> dict[str, Any]:
    """Label, help, control and faults of one field, tied together for screen readers.

    `look`: "segments" for few choices in a row, "switch" for a yes or no. `css` goes on the control.
    """
    return dressed(
        bound,
        look=look,
        label=label,
        css=css,
        optional=optional,
        placeholder=placeholder,
        autofocus=autofocus,
    )


@register.inclusion_tag("ui/error_summary.html")
def error_summary(*forms: BaseForm) -> dict[str, Sequence[Fault]]:
    """What is to be corrected, each a link to its field. Nothing when nothing is."""
    return {"faults": [fault for form in forms for fault in faults(form)]}


# Mails


@register.inclusion_tag("ui/mail/path.html")
def mail_path(stones: Sequence[Stone], accent: str = colours.FALLBACK) -> dict[str, Any]:
    """The path out of nested table cells, since mail programs drop drawings."""
    return mail_drawings.path(stones, accent=accent)
