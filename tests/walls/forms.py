"""The forms that stand on the pages, as a browser would send them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from django.urls import ResolverMatch, resolve

from tests.walls.days import day


@dataclass
class Form:
    """One form: where it posts to, and what a browser would send without anything typed."""

    action: str
    data: dict[str, list[str]] = field(default_factory=dict)
    choices: dict[str, list[str]] = field(default_factory=dict)
    typed: set[str] = field(default_factory=set)
    """Fields that people type into; the others hold what the page put there."""
    buttons: dict[str, list[str]] = field(default_factory=dict)
    has_plain_button: bool = False

    @property
    def match(self) -> ResolverMatch:
        return resolve(self.action.partition("?")[0])


TOKEN = "csrfmiddlewaretoken"
# What somebody types into a field that is still empty.
TYPED = {
    "": "Words", "text": "Words", "search": "Words", "email": "somebody@new.example", "url": "https://new.example/",
    "number": "3", "date": day(1), "time": "20:00", "datetime-local": f"{day(-6)}T10:00", "tel": "+31",
}  # fmt: skip


class _Reader(HTMLParser):
    def __init__(self, url: str) -> None:
        super().__init__()
        self.url, self.forms, self.by_id = url, [], {}
        self.open: Form | None = None
        self.select: tuple[Form, str] | None = None
        self.text: tuple[Form, str] | None = None
        self.later: list[tuple[str, dict[str, str]]] = []

    def handle_starttag(self, tag: str, listed: Any) -> None:
        given = {name: value or "" for name, value in listed}
        if tag == "form":
            self.open = Form(given.get("action") or self.url)
            if given.get("method", "get").lower() == "post":
                self.forms.append(self.open)
                self.by_id[given.get("id", "")] = self.open
        elif given.get("form"):
            self.later.append((tag, given))
        elif self.open:
            self._control(self.open, tag, given)
        if tag == "option" and self.select:
            self._option(*self.select, given)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.open = None
        elif tag == "select":
            self.select = None
        elif tag == "textarea" and self.text:
            form, name = self.text
            form.data[name][-1] = f"{form.data[name][-1]} Words".strip()
            self.text = None

    def handle_data(self, data: str) -> None:
        if self.text:
            form, name = self.text
            form.data[name][-1] = (form.data[name][-1] + data).strip()

    def _control(self, form: Form, tag: str, given: dict[str, str]) -> None:
        name, kind = given.get("name"), given.get("type", "")
        is_button = tag == "button" or kind == "submit"
        form.has_plain_button |= is_button and not name
        if not name or "disabled" in given or kind == "file":
            return
        if tag == "select":
            self.select = form, name
        elif tag == "textarea":
            form.data.setdefault(name, []).append("")
            form.typed.add(name)
            self.text = form, name
        elif is_button:
            form.buttons.setdefault(name, []).append(given.get("value", ""))
        elif kind in ("checkbox", "radio"):
            form.choices.setdefault(name, []).append(given.get("value", "on"))
            if "checked" in given:
                form.data.setdefault(name, []).append(given.get("value", "on"))
        elif tag == "input":
            form.data.setdefault(name, []).append(given.get("value") or TYPED.get(kind, ""))
            form.typed |= {name} - ({name} if kind == "hidden" else set())

    def _option(self, form: Form, name: str, given: dict[str, str]) -> None:
        form.choices.setdefault(name, []).append(given.get("value", ""))
        if "selected" in given or name not in form.data:
            form.data[name] = [given.get("value", "")]

    def close(self) -> None:
        super().close()
        for tag, given in self.later:
            if form := self.by_id.get(given["form"]):
                self._control(form, tag, given)


def forms_on(html: str, url: str) -> Iterator[Form]:
    """Every form of a page that posts, filled in: a box ticked and, where it has to be, a button chosen."""
    reader = _Reader(url)
    reader.feed(html)
    reader.close()
    for form in reader.forms:
        boxes = {name: them[:1] for name, them in form.choices.items() if name not in form.data}
        button = {} if form.has_plain_button else dict([*form.buttons.items()][:1])
        button = {name: them[:1] for name, them in button.items()}
        form.data = {name: them for name, them in (boxes | form.data | button).items() if name != TOKEN}
        yield form
