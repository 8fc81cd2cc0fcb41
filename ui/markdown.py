"""Markdown that people write, as HTML that is safe whatever they write: no raw HTML, no pictures."""

import re
from collections.abc import Mapping

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

_PARSER = MarkdownIt("commonmark", {"html": False}).disable(["image", "html_block", "html_inline"])
_PARSER.enable("table")
_EMPHASIS = re.compile(r"(\*{1,3})(?=\S)([^*\n]+?)(?<=\S)\1")
_LINK = re.compile(r"\[([^\[\]\n]+)\]\((https?://[^\s()]+|mailto:[^\s()]+)\)")
MAIL_STYLES = {
    "p": "margin:0 0 16px;",
    "ul": "margin:0 0 16px;padding:0 0 0 22px;",
    "ol": "margin:0 0 16px;padding:0 0 0 22px;",
    "li": "margin:0 0 6px;",
    "table": "margin:0 0 16px;border-collapse:collapse;",
    "th": "padding:4px 10px 4px 0;text-align:start;vertical-align:top;",
    "td": "padding:4px 10px 4px 0;vertical-align:top;",
    "blockquote": "margin:0 0 16px;padding:0 0 0 16px;border-left:3px solid #e3e1da;",
    "h1": "margin:0 0 12px;font-size:20px;line-height:27px;",
    "h2": "margin:0 0 12px;font-size:18px;line-height:25px;",
    "h3": "margin:0 0 12px;font-size:16px;line-height:23px;",
}


def mail_html(text: str, values: Mapping[str, str] | None = None) -> SafeString:
    """For a mail, with its styles in attributes.

    `values` take the place of {names} after the Markdown is read, escaped: what a customer is called never
    becomes a link or a heading.
    """
    tokens = _PARSER.parse(text)
    for token in tokens:
        _dress(token)
    html = str(_PARSER.renderer.render(tokens, _PARSER.options, {}))
    if values:
        named = re.compile("|".join(re.escape(f"{{{name}}}") for name in values))
        html = named.sub(lambda match: escape(values[match[0][1:-1]]), html)
    return mark_safe(html)


def page_html(text: str) -> SafeString:
    """For a page of ours: headings become strong lines, since the page has its own order of them."""
    tokens = _PARSER.parse(text)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = "p"
            if token.nesting == 1:
                token.attrSet("class", "strong")
    return mark_safe(str(_PARSER.renderer.render(tokens, _PARSER.options, {})))


def plain_text(text: str) -> str:
    """For the text part of a mail: no marks of emphasis, addresses beside what they link."""
    return _LINK.sub(r"\1 (\2)", _EMPHASIS.sub(r"\2", text))


def _dress(token: Token) -> None:
    if token.nesting == 1 and (style := MAIL_STYLES.get(token.tag)):
        token.attrSet("style", style)
    for child in token.children or ():
        _dress(child)
