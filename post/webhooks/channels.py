"""A message as chat channels take it: Slack's blocks, or Teams' Adaptive Card. Pure: words in, JSON out.

Names of companies come from anywhere, so nothing in them may become markup, a mention or a link:

- Slack reads `&`, `<` and `>` as control characters and asks for these three to be written as entities
  (docs.slack.dev/messaging/formatting-message-text); `verbatim` keeps it from making links of words
  (docs.slack.dev/reference/block-kit/composition-objects/text-object). There is no escape for `*_~` and the
  backtick, so they are written as signs that look like them.
- In an Adaptive Card a `RichTextBlock` knows no Markdown at all
  (learn.microsoft.com/adaptive-cards/create/textfeatures), so the card has no other text.

Limits: 150 characters in a header, 3,000 in a section and 50 blocks for Slack; 28 KB in all for Teams.
"""

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import ngettext

HEADER, SECTION, LONGEST_NAME, LONGEST_WORDS, CARD_BYTES = 150, 3000, 80, 200, 26 * 1024
LONGEST = SECTION // 5  # as entities, each sign may be five
MOST_PARTS = 20
_UNWRITABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]+")
_LOOKALIKES = str.maketrans({"*": "∗", "_": "ˍ", "~": "∼", "`": "ˋ"})
_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})


@dataclass(frozen=True)
class Line:
    """One company, and what is said of it. `url` is ours."""

    name: str
    url: str
    words: str = ""


@dataclass(frozen=True)
class Part:
    title: str
    lines: Sequence[Line] = ()
    in_all: int = 0
    """How many there are; more than are listed are counted after them."""


@dataclass(frozen=True)
class Message:
    title: str
    url: str
    """The page it is about."""
    link: str
    """What the link to it says."""
    words: str = ""
    parts: Sequence[Part] = ()


def slack(message: Message) -> str:
    """`blocks`, and in `text` what notifications and old clients show."""
    title = {"type": "plain_text", "text": _cut(message.title, HEADER), "emoji": False}
    blocks: list[dict[str, Any]] = [{"type": "header", "text": title}]
    if message.words:
        blocks.append(_section(_for_slack(message.words, LONGEST)))
    blocks += [_section(text) for part in message.parts[:MOST_PARTS] if (text := _part_for_slack(part))]
    blocks.append(_section(_slack_link(message.url, message.link)))
    said = [message.title, message.words, *(part.title for part in message.parts)]
    return _written({"text": _for_slack(". ".join(filter(None, said)), LONGEST), "blocks": blocks})


def teams(message: Message) -> str:
    """As the trigger “when a Teams webhook request is received” of Workflows takes it.

    Each part has as many lines as the card holds; the rest is counted.
    """
    parts = message.parts[:MOST_PARTS]

    def with_at_most(lines: int) -> str:
        shown = [replace(part, lines=part.lines[:lines]) for part in parts]
        return _written(_card(replace(message, parts=shown)))

    fewest, most = 0, max((len(part.lines) for part in parts), default=0)
    while fewest < most:
        middle = (fewest + most + 1) // 2
        if len(with_at_most(middle).encode()) <= CARD_BYTES:
            fewest = middle
        else:
            most = middle - 1
    return with_at_most(fewest)


FORMATS: dict[str, Callable[[Message], str]] = {"slack": slack, "teams": teams}


def _section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text, "verbatim": True}}


def _part_for_slack(part: Part) -> str:
    """As many lines as a section holds; the rest is counted."""
    text = f"*{_for_slack(part.title, LONGEST_WORDS)}*"
    for n, line in enumerate(part.lines):
        words = f" {_for_slack(line.words, LONGEST_WORDS)}" if line.words else ""
        longer = f"{text}\n• {_slack_link(line.url, line.name)}{words}"
        if len(longer) > SECTION - 100:
            return text + "\n" + _more(part.in_all - n)
        text = longer
    more = _more(part.in_all - len(part.lines))
    return f"{text}\n{more}" if more else text


def _slack_link(url: str, name: str) -> str:
    return f"<{url.translate(_ENTITIES)}|{_for_slack(name, LONGEST_NAME)}>"


def _for_slack(text: str, longest: int) -> str:
    return _cut(text, longest).translate(_LOOKALIKES).translate(_ENTITIES)


def _card(message: Message) -> dict[str, Any]:
    card = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "fallbackText": _cut(message.title, HEADER),
        "msteams": {"width": "Full"},
        "body": list(_body(message)),
        "actions": [{"type": "Action.OpenUrl", "title": message.link, "url": message.url}],
    }
    kind = "application/vnd.microsoft.card.adaptive"
    return {"type": "message", "attachments": [{"contentType": kind, "contentUrl": None, "content": card}]}


def _body(message: Message) -> Iterator[dict[str, Any]]:
    yield _runs({"text": _cut(message.title, HEADER), "weight": "Bolder", "size": "Large"})
    if message.words:
        yield _runs({"text": _cut(message.words, LONGEST)})
    for part in message.parts:
        yield _runs({"text": _cut(part.title, LONGEST_WORDS), "weight": "Bolder"})
        for line in part.lines:
            words = [{"text": f" {_cut(line.words, LONGEST_WORDS)}"}] if line.words else []
            opens = {"type": "Action.OpenUrl", "url": line.url}
            yield _runs({"text": _cut(line.name, LONGEST_NAME), "selectAction": opens}, *words)
        if more := _more(part.in_all - len(part.lines)):
            yield _runs({"text": more, "isSubtle": True})


def _runs(*inlines: dict[str, Any]) -> dict[str, Any]:
    return {"type": "RichTextBlock", "inlines": [{"type": "TextRun", **each} for each in inlines]}


def _more(n: int) -> str:
    return ngettext("and %(n)d more", "and %(n)d more", n) % {"n": n} if n > 0 else ""


def _cut(text: str, longest: int) -> str:
    """On one line, without what steers a screen, not longer than that."""
    plain = " ".join(_UNWRITABLE.sub(" ", text).split())
    return plain if len(plain) <= longest else plain[: longest - 1] + "…"


def _written(said: dict[str, Any]) -> str:
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"))
