"""Forms about bringing a file in. What they hold is handed to `office.importing`."""

from office.forms.columns import ColumnsForm, ReadingForm
from office.forms.files import ImportForm

__all__ = ["ColumnsForm", "ImportForm", "ReadingForm"]
