"""Day and time as the browser's own controls, and people to tick."""

from typing import Any

from django import forms

from ui.ticked import RowsField, is_id


class PeopleField(RowsField):
    """People of a customer, ticked."""

    widget = forms.CheckboxSelectMultiple


class IdsField(forms.MultipleChoiceField):
    """Rows that are ticked, by their ids. Whether they are still to do is asked when it is stored."""

    widget = forms.CheckboxSelectMultiple

    def valid_value(self, value: Any) -> bool:
        return is_id(value)

    def clean(self, value: Any) -> list[int]:
        return [int(each) for each in super().clean(value)]


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self, **attrs: Any) -> None:
        super().__init__(attrs=attrs, format="%Y-%m-%d")


class ClockInput(forms.TimeInput):
    input_type = "time"

    def __init__(self, **attrs: Any) -> None:
        super().__init__(attrs=attrs, format="%H:%M")
