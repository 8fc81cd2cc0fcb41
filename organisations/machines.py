"""Which token the code below acts by, so that the log can name it beside the member it acts for."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_token: ContextVar[int | None] = ContextVar("token", default=None)


@contextmanager
def acting_by(token_id: int) -> Iterator[None]:
    """Everything logged inside carries the token's id."""
    before = _token.set(token_id)
    try:
        yield
    finally:
        _token.reset(before)


def about_token() -> dict[str, int]:
    """What an event's data says of it: nothing when a person acts."""
    token_id = _token.get()
    return {} if token_id is None else {"token_id": token_id}
