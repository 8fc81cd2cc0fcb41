"""What axe finds wrong with a page as it stands; put in from outside, whatever the page's policy says."""

from collections.abc import Sequence
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT

COLOURS = ("color-contrast", "link-in-text-block")
# Without fetching the style sheets a second time: what would need them looks at films and turned screens.
FIND = """async only => {
    const options = {resultTypes: ["violations"], preload: false, ...(only && {runOnly: only})};
    const found = await axe.run(document, options);
    const shown = fault => fault.nodes.slice(0, 3).map(node => node.html).join(" ").slice(0, 300);
    return found.violations.map(fault => `${fault.id}: ${shown(fault)}`);
}"""


def faults(page: Any, only: Sequence[str] | None = None) -> list[str]:
    """A line for each rule that is broken, of these rules alone or of all."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    return list(page.evaluate(FIND, only))
