"""A mail from its two templates: .txt with the partials `subject` and `text`, .html for the body."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation

BLANK_LINES = re.compile(r"\n\s*\n\s*\n")  # what conditions in a template leave behind


@dataclass(frozen=True)
class RenderedMail:
    """A message ready for the post. The subject is one line."""

    subject: str
    text: str
    html: str


def render_mail(template: str, context: Mapping[str, Any], language: str) -> RenderedMail:
    """Render `emails/<template>.txt` and `.html` in the reader's language.

    Put {% autoescape off %} inside the text partials: around them it has no effect.
    """
    given = dict(context)
    with translation.override(language):
        subject = render_to_string(f"emails/{template}.txt#subject", given)
        text: str = render_to_string(f"emails/{template}.txt#text", given)
        html = render_to_string(f"emails/{template}.html", given)
    text = BLANK_LINES.sub("\n\n", text).strip() + "\n"
    return RenderedMail(subject=" ".join(subject.split()), text=text, html=html)
