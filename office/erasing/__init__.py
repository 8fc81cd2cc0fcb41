"""One person at a customer: look what erasing them would do, erase them, lift that, or hand out a copy.

One registry says of every column in every table what becomes of it. The log stays whole, since it holds ids.
What stays of who they were is a keyed hash, so that nobody brings them back by a file or by hand unknowingly.
"""

from office.erasing.acting import erase, lift
from office.erasing.copying import copy_of, write_down
from office.erasing.faults import NotPossible
from office.erasing.looking import Look, look
from office.erasing.registry import REGISTRY

__all__ = ["REGISTRY", "Look", "NotPossible", "copy_of", "erase", "lift", "look", "write_down"]
