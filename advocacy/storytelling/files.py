"""A story as a file to hand on: only what was agreed, and until when. Text of ours and theirs stays text."""

import json
from html import escape
from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from advocacy.storytelling.showing import Shown

FORMS = {
    "md": ("text/markdown; charset=utf-8", "Markdown"),
    "html": ("text/html; charset=utf-8", "HTML"),
    "json": ("application/json", "JSON"),
}


def written(story: Shown, form: str, *, url: str) -> str:
    """In one of `FORMS`."""
    if form == "json":
        return json.dumps(as_data(story, url=url), ensure_ascii=False, indent=2) + "\n"
    if form == "html":
        return render_to_string("advocacy/story_file.html", {"story": story, "url": url})
    return _markdown(story, url=url)


def as_data(story: Shown, *, url: str) -> dict[str, Any]:
    return {
        "title": story.title,
        "company": story.company,
        "company_named": story.is_named,
        "about": story.about,
        "background": story.background,
        "approach": story.approach,
        "result": story.result,
        "learning": story.learning,
        "quote": {"words": story.quote, "by": story.quote_by, "title": story.quote_title}
        if story.quote
        else None,
        "incentive": story.incentive,
        "numbers": [
            {"label": row.label, "before": row.before, "after": row.after, "evidence": row.source}
            for row in story.numbers
        ],
        "agreed_until": story.until.isoformat() if story.until else None,
        "url": url,
    }


def _markdown(story: Shown, *, url: str) -> str:
    parts = [f"# {_plain(story.title)}", f"**{_plain(story.company)}**"]
    if story.numbers:
        parts.append("\n".join(_line(row.label, row.said, row.source) for row in story.numbers))
    for heading, text in (
        (_("Where they started"), story.background),
        (_("What they did"), story.approach),
        (_("What is so now"), story.result),
        (_("What they would tell others"), story.learning),
    ):
        if text.strip():
            parts.append(f"## {heading}\n\n{_plain(text)}")
    if story.quote:
        said = _plain(story.quote).replace("\n", "\n> ")
        parts.append(f"> “{said}”\n>\n> {_plain(story.quote_by)}")
    if story.incentive:
        parts.append(_("What they got for it: %(what)s") % {"what": _plain(story.incentive)})
    if story.until:
        parts.append(_("May be told until %(day)s.") % {"day": story.until.isoformat()})
    return "\n\n".join([*parts, url]).strip() + "\n"


def _line(label: str, said: str, source: str) -> str:
    return f"- {_plain(label)}: **{_plain(said)}** ({_plain(source)})"


def _plain(text: str) -> str:
    """What Markdown would read as HTML or as a heading is shown instead."""
    lines = escape(text.strip(), quote=False).splitlines()
    return "\n".join(
        f"\\{line}" if line.startswith(("#", "-", "+", "=", "`", "~")) else line for line in lines
    )
