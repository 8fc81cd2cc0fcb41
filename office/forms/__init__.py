"""Forms about bringing a file in. What they hold is handed to `office.importing`."""

from office.forms.columns import ColumnsForm
from office.forms.files import ImportForm
from office.forms.reading import ReadingForm

__all__ = ["ColumnsForm", "ImportForm", "ReadingForm"]
