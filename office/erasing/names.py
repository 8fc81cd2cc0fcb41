"""What a person is called by in texts, finding that and replacing it: the full name, address, phone.

A first name alone is not searched for: no machine can tell whom it means. It is counted, for people to read.
"""

import html
import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from django.db import models
from django.db.models import Q, QuerySet
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from customers.models import Contact


class Names:
    """Of one person. Build it before anything of them is blanked."""

    def __init__(self, texts: Iterable[str]) -> None:
        said = {text.strip() for text in texts}
        self.variants = sorted(
            {one for text in said if text for one in _written(text)}, key=len, reverse=True
        )
        found = "|".join(re.escape(one) for one in self.variants)
        self._pattern = re.compile(rf"(?<!\w)(?:{found})(?!\w)", re.IGNORECASE) if found else None
        self.put = _("(erased)")

    @classmethod
    def first(cls, contact: Contact) -> "Names":
        """The first and the last name by themselves, where each has three letters or more."""
        parts = contact.name.split()
        return cls([part for part in (parts[0], parts[-1]) if len(part) > 2] if len(parts) > 1 else [])

    def rows[M: models.Model](self, rows: QuerySet[M], columns: Iterable[str]) -> QuerySet[M]:
        """Those in whose columns one of the names may stand; `are_in` says whether it does."""
        named = Q()
        for name in columns:
            field = rows.model._meta.get_field(name)
            at = name
            if isinstance(field, models.JSONField):
                at = f"{name}_as_text"
                rows = rows.alias(**{at: Cast(name, models.TextField())})
            if not isinstance(field, models.GenericIPAddressField | models.BinaryField):
                for variant in self.variants:
                    named |= Q(**{f"{at}__icontains": variant})
        return rows.filter(named) if named else rows.none()

    def are_in(self, value: Any) -> bool:
        return any(self._pattern.search(text) for text in _texts(value)) if self._pattern else False

    def replaced(self, value: Any) -> Any:
        """The same value with what stands for them in place of the names, however deep they are."""
        if isinstance(value, str):
            return self._pattern.sub(self.put, value) if self._pattern else value
        if isinstance(value, dict):
            return {self.replaced(key): self.replaced(one) for key, one in value.items()}
        return [self.replaced(one) for one in value] if isinstance(value, list) else value


def _written(text: str) -> Iterator[str]:
    """How a text may stand in a column: as it is, folded, in JSON, in HTML."""
    for one in (text, text.casefold()):
        yield from (one, html.escape(one), json.dumps(one)[1:-1], json.dumps(one, ensure_ascii=False)[1:-1])


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, one in value.items():
            yield str(key)
            yield from _texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)
