"""A score for an answer's headers, by the table of Mozilla's HTTP Observatory, as far as it can apply to us.

Points are taken off for what is missing or weak; bonuses count for who has 90 without them.
"""

from django.http import HttpResponseBase

MISSING = {
    "Content-Security-Policy": -25,
    "Strict-Transport-Security": -20,
    "X-Content-Type-Options": -5,
}
HALF_A_YEAR = 15_768_000


def score(answer: HttpResponseBase) -> int:
    points = base(answer)
    return points + _bonus(answer) if points >= 90 else points


def base(answer: HttpResponseBase) -> int:
    """100 less what is missing or weak."""
    given = answer.headers
    policy, hsts = given.get("Content-Security-Policy", ""), given.get("Strict-Transport-Security", "")
    points = 100 + sum(off for header, off in MISSING.items() if header not in given)
    points -= 20 * ("unsafe-inline" in policy) + 10 * ("unsafe-eval" in policy)
    points -= 10 * (bool(hsts) and _seconds(hsts) < HALF_A_YEAR)
    points -= 20 * ("frame-ancestors" not in policy and "X-Frame-Options" not in given)
    points -= 50 * (given.get("Access-Control-Allow-Origin") == "*")
    points -= 5 * (given.get("Referrer-Policy") in ("unsafe-url", "no-referrer-when-downgrade"))
    for cookie in getattr(answer, "cookies", {}).values():
        points -= 20 * (not cookie["samesite"])
    return points


def _bonus(answer: HttpResponseBase) -> int:
    given = answer.headers
    policy = given.get("Content-Security-Policy", "")
    return (
        10 * ("default-src 'none'" in policy and "unsafe" not in policy)
        + 5 * ("frame-ancestors" in policy)
        + 5 * (given.get("Referrer-Policy") in ("no-referrer", "same-origin", "strict-origin"))
        + 10 * (given.get("Cross-Origin-Resource-Policy") in ("same-origin", "same-site"))
    )


def _seconds(hsts: str) -> int:
    parts = [part.strip() for part in hsts.split(";")]
    return next((int(part.removeprefix("max-age=")) for part in parts if part.startswith("max-age=")), 0)
