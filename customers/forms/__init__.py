"""Forms about customers, the people there, and what they want to reach."""

from customers.forms.outcomes import (
    ObjectionForm,
    OutcomeForm,
    RetirementForm,
    WhomForm,
    WordingForm,
)
from customers.forms.records import ContactForm, CustomerForm

__all__ = [
    "ContactForm",
    "CustomerForm",
    "ObjectionForm",
    "OutcomeForm",
    "RetirementForm",
    "WhomForm",
    "WordingForm",
]
