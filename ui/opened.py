"""Forms that know what stood there when they were opened, so that two people at one row lose nothing."""

import json
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.utils.formats import localize
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _


class OpenedForm(forms.Form):
    """Give it what is stored as `initial`, show `{{ form.opened }}` in it, and write `values` alone.

    What both its reader and somebody else changed since is a fault: it says what stands now, keeps what was
    typed, and sent once more replaces it. Without `opened` in what was sent, what is stored now counts.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.values: dict[str, Any] = {}
        """What its reader changed, cleaned."""
        self._opened = _read(self.data.get("opened")) if self.is_bound else {}

    @property
    def opened(self) -> SafeString:
        stored = {name: field.prepare_value(self.initial.get(name)) for name, field in self.fields.items()}
        known = json.dumps(stored | self._opened, cls=DjangoJSONEncoder)
        return format_html('<input type="hidden" name="opened" value="{}">', known)

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        for name, field in self.fields.items():
            if name not in self.cleaned_data:
                continue
            stored, given = self.initial.get(name), self[name].data
            before = _understood(field, self._opened[name]) if name in self._opened else stored
            if not _differs(field, before, given):
                continue
            self.values[name] = self.cleaned_data[name]
            is_moved = _differs(field, before, field.prepare_value(stored))
            if is_moved and _differs(field, stored, given):
                self._opened[name] = field.prepare_value(stored)
                words = _("Somebody changed this meanwhile; it now says “%(now)s”. Save again to keep yours.")
                self.add_error(name, words % {"now": _shown(field, stored)})


def _read(sent: str | None) -> dict[str, Any]:
    try:
        known = json.loads(sent or "{}")
    except ValueError:
        return {}
    return known if isinstance(known, dict) else {}


def _understood(field: forms.Field, value: Any) -> Any:
    try:
        return field.to_python(value)
    except (ValidationError, TypeError, ValueError):
        return value


def _differs(field: forms.Field, before: Any, given: Any) -> bool:
    """As the field sees it; a line's end is the same on every machine."""
    return field.has_changed(_one_ending(before), _one_ending(given))


def _one_ending(value: Any) -> Any:
    return value.replace("\r\n", "\n") if isinstance(value, str) else value


def _shown(field: forms.Field, value: Any) -> str:
    if isinstance(field, forms.ChoiceField) and not isinstance(field, forms.ModelChoiceField):
        labels: dict[Any, Any] = dict(field.choices)  # type: ignore[arg-type]
        return str(labels.get(value, value))
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return str(localize(value)) if value not in (None, "") else _("nothing")
