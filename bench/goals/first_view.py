"""G15: what the first view of Today costs a browser with an empty cache; how quick a region changes."""

import statistics
import time
from collections.abc import Sequence
from typing import Any

from bench.goals import Effort
from bench.rows import Row
from bench.stage import OURS, Stage, inside, served
from tests.services.browser import Browsers

GOALS = ("G15",)
CUSTOMERS = 2000
WATCH = """
window.seen = {paint: 0, shift: 0};
new PerformanceObserver(list => { for (const e of list.getEntries()) seen.paint = e.startTime; })
  .observe({type: "largest-contentful-paint", buffered: true});
new PerformanceObserver(list => { for (const e of list.getEntries()) seen.shift += e.value; })
  .observe({type: "layout-shift", buffered: true});
"""
SWAP = """() => new Promise(done => {
  const began = performance.now();
  document.body.addEventListener("htmx:afterSettle", () => done(performance.now() - began), {once: true});
  document.querySelector("form.filter button").click();
})"""


def measure(stage: Stage, sizes: Sequence[int], effort: Effort) -> list[Row]:
    ours = stage.installation("first_view", on_postgres=False)
    found = inside("bench.inside.seeding", CUSTOMERS, env=ours.env)
    browsers = Browsers()
    try:
        with served(OURS, ours.env, ours.state) as site:
            views = [view(browsers, site, found["csm"]) for _ in range(effort.first_views)]
            browsers.close_contexts()
    finally:
        browsers.close()
    paint, shift, kilobytes, swap = (statistics.median(each) for each in zip(*views, strict=True))

    def row(what: str, value: float, limit: float, unit: str) -> Row:
        return Row("G15", what, value, limit, unit=unit, size=CUSTOMERS, n=len(views))

    return [
        row("first view of Today, transferred", kilobytes, 100, "KB"),
        row("first view of Today, largest paint", paint, 600, "ms"),
        row("first view of Today, layout shift", shift, 0.01, ""),
        row("a filtered list in its place", swap, 100, "ms"),
    ]


def view(browsers: Browsers, site: str, cookie: str) -> tuple[float, float, float, float]:
    """Milliseconds to the largest paint, layout shift, KB over the wire, milliseconds of a swap."""
    page = browsers.opener(base_url=site)()
    name, _, value = cookie.partition("=")
    page.context.add_cookies([{"name": name, "value": value, "url": site}])
    page.add_init_script(WATCH)
    wire = page.context.new_cdp_session(page)
    wire.send("Network.enable")
    took: list[float] = []
    wire.on("Network.loadingFinished", lambda event: took.append(event["encodedDataLength"]))
    page.goto("/o/harbour/today/", wait_until="networkidle")
    time.sleep(0.2)  # the last paint is reported a moment later
    seen: dict[str, Any] = page.evaluate("seen")
    transferred = sum(took) / 1000
    page.goto("/o/harbour/customers/", wait_until="networkidle")
    swap = statistics.median(page.evaluate(SWAP) for _ in range(3))
    return seen["paint"], seen["shift"], transferred, swap
