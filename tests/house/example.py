"""One address of the product as a test looks at it, and who sees it there."""

from dataclasses import dataclass

from django.urls import reverse

from tests.house.lived_in import LIVED_IN, World
from tests.house.patterns import is_members

NOBODY = ""


@dataclass(frozen=True)
class Example:
    """One address. Words among `args` that the world knows become its ids and tokens."""

    args: tuple[str, ...] = ()
    query: str = ""
    who: str = "ada"
    is_page: bool = True
    """False: a file, which no browser is asked to show."""
    status: int = 200

    def url(self, name: str, world: World, organisation: str = LIVED_IN) -> str:
        values = [world.ids.get(arg) or world.tokens.get(arg) or arg for arg in self.args]
        slug = [organisation] if is_members(name) else []
        return reverse(name, args=[*slug, *values]) + (f"?{self.query}" if self.query else "")


def of(*args: str, query: str = "", who: str = "ada", is_page: bool = True, status: int = 200) -> Example:
    return Example(args, query, who, is_page, status)
