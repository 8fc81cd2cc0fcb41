"""Day and time as the browser's own controls, and people to tick."""

from typing import Any

from django import forms

LARGEST_ID = 2**63 - 1


class PeopleField(forms.ModelMultipleChoiceField):
    """People of a customer, ticked. What can be nobody's id is refused before the database is asked."""

    widget = forms.CheckboxSelectMultiple

    def clean(self, value: Any) -> Any:
        for each in value or ():
            if not (str(each).isdecimal() and int(str(each)[:20]) <= LARGEST_ID):
                raise forms.ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        return super().clean(value)


class IdsField(forms.MultipleChoiceField):
    """Rows that are ticked, by their ids. Whether they are still to do is asked when it is stored."""

    widget = forms.CheckboxSelectMultiple

    def valid_value(self, value: Any) -> bool:
        return str(value).isdecimal() and int(str(value)[:20]) <= LARGEST_ID

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
