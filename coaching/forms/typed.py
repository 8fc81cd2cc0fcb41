"""What was typed into a form, as it was typed: for drafts, and to bring a form back without faults."""

from typing import Any
from uuid import UUID

from django.http import QueryDict

type Fields = dict[str, list[str]]

NOT_TYPED = {"csrfmiddlewaretoken", "add", "later", "show", "then", "version"}


def typed(data: QueryDict) -> Fields:
    """Every field and its values. Strings only: whether they are right is asked when the call is saved.

    NUL characters are left out: nobody types them, and PostgreSQL keeps none.
    """
    fields = {name: data.getlist(name) for name in data if name not in NOT_TYPED}
    return {_plain(name): [_plain(value) for value in values] for name, values in fields.items()}


def _plain(text: str) -> str:
    return text.replace("\x00", "")


def initial_of(fields: Fields, *, lists: tuple[str, ...] = ()) -> dict[str, Any]:
    """The same as a form's initial values; `lists` names the fields that take several."""
    return {name: values if name in lists else values[-1] for name, values in fields.items() if values} | {
        name: fields.get(name, []) for name in lists
    }


def token_of(data: QueryDict) -> UUID | None:
    """The form's token, if it brings one that can be read."""
    try:
        return UUID(data.get("token", ""))
    except ValueError:
        return None
