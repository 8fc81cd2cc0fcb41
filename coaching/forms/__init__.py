from coaching.forms.call import CallForm
from coaching.forms.commitments import CommitmentForm, People, commitment_rows
from coaching.forms.next_call import NextCallForm
from coaching.forms.typed import Fields, token_of, typed

__all__ = [
    "CallForm",
    "CommitmentForm",
    "Fields",
    "NextCallForm",
    "People",
    "commitment_rows",
    "token_of",
    "typed",
]
