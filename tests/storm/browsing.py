"""A browser without a screen: cookies, forms, and people's patience when a page does not come."""

import http.client
import re
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.cookiejar import CookieJar
from time import monotonic, sleep
from urllib.parse import urlencode, urljoin
from uuid import uuid4

WAIT_SECONDS = 0.5  # before somebody tries again
PATIENCE_SECONDS = 150.0
ANSWER_SECONDS = 40.0  # longer than anything waits for SQLite's lock


class TryAgainError(Exception):
    """No answer, half an answer, or one that says the fault is the server's."""


class NotTakenError(Exception):
    """The form came back: something in it was wrong."""


class NoSuchFormError(Exception):
    """The page shows no such form (any more)."""


@dataclass
class Form:
    action: str
    filled: dict[str, str] = field(default_factory=dict)
    """What a browser sends if nobody touches anything."""
    names: set[str] = field(default_factory=set)


class Forms(HTMLParser):
    """The forms of a page, in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[Form] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.found.append(Form(given.get("action", "")))
        elif self.found and (name := given.get("name")) and tag in ("input", "textarea", "select", "button"):
            self.found[-1].names.add(name)
            if tag == "input" and _is_sent(given):
                self.found[-1].filled[name] = given.get("value", "")


def _is_sent(given: dict[str, str]) -> bool:
    kind = given.get("type", "text")
    return "checked" in given if kind in ("checkbox", "radio") else kind not in ("file", "submit")


@dataclass(frozen=True)
class Page:
    url: str
    text: str

    def form(self, having: str) -> Form:
        """The first form with a control of that name. Raises NoSuchFormError."""
        found = [form for form in Forms(self.text).found if having in form.names]
        if not found:
            heading = re.search(r"<h1.*?</h1>", self.text, re.DOTALL)
            raise NoSuchFormError(f"no {having} at {self.url}: {heading and heading[0]}")
        return found[0]


class StayHere(urllib.request.HTTPRedirectHandler):
    """Leaves a redirect as it is."""

    def redirect_request(self, *_: object) -> None:
        return None


class Browser:
    def __init__(
        self,
        site: str,
        complain: Callable[[str], None],
        cookies: CookieJar | None = None,
        follows: bool = True,
    ) -> None:
        """`complain` hears why something had to be tried again; `cookies` are those of another window.

        One that does not follow takes "see there" for an answer, and saves the server a page.
        """
        self.site = site
        self.complain = complain
        self.saved_in = 0.0
        """Seconds from sending the last form to seeing the page that follows."""
        self.cookies = CookieJar() if cookies is None else cookies
        self.follows = follows
        handlers = [urllib.request.HTTPCookieProcessor(self.cookies), *([] if follows else [StayHere()])]
        self.opener = urllib.request.build_opener(*handlers)

    def patiently[T](self, act: Callable[[], T]) -> T:
        """Do it until it succeeds. An act is a whole one: from opening the page to the answer."""
        end = monotonic() + PATIENCE_SECONDS
        while True:
            try:
                return act()
            except TryAgainError as error:
                self.complain(str(error))
                if monotonic() > end:
                    raise
                sleep(WAIT_SECONDS)

    def open(self, path: str, body: bytes | None = None, kind: str = "") -> Page:
        """GET, or POST of a body. Raises TryAgainError; HTTPError when the fault is ours."""
        request = urllib.request.Request(urljoin(self.site, path), data=body)
        if body is not None:
            request.add_header("Content-Type", kind)
            request.add_header("Sec-Fetch-Site", "same-origin")
        try:
            with self.opener.open(request, timeout=ANSWER_SECONDS) as answer:
                return Page(answer.url, answer.read().decode())
        except urllib.error.HTTPError as error:
            error.close()
            if not self.follows and error.code in (302, 303):
                return Page(error.headers["Location"], "")
            if error.code < 500:
                raise
            raise TryAgainError(f"{error.code} at {path}") from None
        except (OSError, http.client.HTTPException) as error:
            cause = getattr(error, "reason", error)
            raise TryAgainError(type(cause).__name__) from None

    def submit(self, page: Page, having: str, *, file: str = "", **given: str | None) -> Page:
        """Fill in the form that has `having` and send it. None unticks; `file` goes into its field "file".

        Where it leads is opened when this browser `follows`; else it must lead somewhere. NotTakenError.
        """
        form = page.form(having)
        values = {name: value for name, value in (form.filled | given).items() if value is not None}
        body, kind = _multipart(values, file) if file else _urlencoded(values)
        began = monotonic()
        following = self.open(urljoin(page.url, form.action), body, kind)
        self.saved_in = monotonic() - began
        if not self.follows and following.text:
            raise NotTakenError(f"{following.url} shows the form again")
        return following

    def sign_in(self, address: str, password: str) -> None:
        def act() -> None:
            page = self.open("/accounts/login/")
            self.submit(page, "login", login=address, password=password)

        self.patiently(act)


def _urlencoded(values: dict[str, str]) -> tuple[bytes, str]:
    return urlencode(values).encode(), "application/x-www-form-urlencoded"


def _multipart(values: dict[str, str], file: str) -> tuple[bytes, str]:
    mark = uuid4().hex
    head = f'--{mark}\r\nContent-Disposition: form-data; name="'
    parts = [f'{head}{name}"\r\n\r\n{value}\r\n' for name, value in values.items()]
    parts.append(f'{head}file"; filename="readings.csv"\r\nContent-Type: text/csv\r\n\r\n{file}\r\n')
    return f"{''.join(parts)}--{mark}--\r\n".encode(), f"multipart/form-data; boundary={mark}"
