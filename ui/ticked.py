"""Rows that are ticked, several at once."""

from typing import Any

from django import forms

LARGEST_ID = 2**63 - 1


class RowsField(forms.ModelMultipleChoiceField):
    """What can be no row's id is refused before the database is asked: SQLite breaks on numbers too large."""

    def clean(self, value: Any) -> Any:
        for each in value or ():
            if not is_id(each):
                raise forms.ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        return super().clean(value)


def is_id(value: Any) -> bool:
    return str(value).isdecimal() and int(str(value)[:20]) <= LARGEST_ID
