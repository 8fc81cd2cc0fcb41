"""Short words after something was done, with a way back where there is one."""

from django.contrib import messages
from django.contrib.messages.storage.base import Message
from django.http import HttpRequest

UNDO = "undo:"


def toast(request: HttpRequest, words: str, *, undo: str = "", level: int = messages.SUCCESS) -> None:
    """Say `words` on the next page, or on this one if htmx asked. `undo` is an address that takes a POST."""
    messages.add_message(request, level, words, extra_tags=f"{UNDO}{undo}" if undo else "")


def undo_of(message: Message) -> str:
    """The address that undoes what the message tells, or nothing."""
    tags = message.extra_tags or ""
    return tags.removeprefix(UNDO) if tags.startswith(UNDO) else ""
