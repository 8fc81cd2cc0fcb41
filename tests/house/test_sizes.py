"""Files that fit on a few screens, functions that fit on one.

A long file is two files that do not know it yet; Fizzy's largest is 186 lines, and one reads it in a minute.
"""

from tests.house.ours import ROOT, Source, sources, span

FILE_LINES, FUNCTION_LINES, TEST_LINES = 300, 40, 450
STYLE_LINES, SCRIPT_LINES = 200, 300

# What is longer, each with the reason. Take it out when it has become shorter.
LONG_FILES: dict[str, str] = {}
LONG_FUNCTIONS = {
    "post/posting.py:post": "its signature and what it promises take half of it; the rest is one statement",
    "ui/gallery.py:_charts": "samples, one chart after another",
}
LONG_TESTS: dict[str, str] = {}


def test_no_file_is_long():
    assert _unexplained(_long(sources(), FILE_LINES), LONG_FILES) == {}


def test_no_function_is_long():
    assert _unexplained(_long_functions(), LONG_FUNCTIONS) == {}


def test_no_template_style_or_script_is_long():
    limits = {f"templates/**/*.{ending}": FILE_LINES for ending in ("html", "txt", "svg")}
    limits |= {"static/css/**/*.css": STYLE_LINES, "static/js/**/*.js": SCRIPT_LINES}
    long = {
        str(path.relative_to(ROOT)): lines
        for pattern, most in limits.items()
        for path in ROOT.glob(pattern)
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > most
    }
    assert long == {}


def test_no_file_of_tests_is_long():
    """Looser than the product's: a file of tests is read one test at a time."""
    found = [Source(str(path.relative_to(ROOT)), path.read_text()) for path in (ROOT / "tests").rglob("*.py")]
    assert _unexplained(_long(found, TEST_LINES), LONG_TESTS) == {}


def test_no_exception_is_out_of_date():
    assert LONG_FILES.keys() <= _long(sources(), FILE_LINES).keys()
    assert LONG_FUNCTIONS.keys() <= _long_functions().keys()


def _long(found: list[Source], most: int) -> dict[str, int]:
    return {source.path: source.lines for source in found if source.lines > most}


def _long_functions() -> dict[str, int]:
    return {
        f"{source.path}:{function.name}": span(function)
        for source in sources()
        for function in source.functions
        if span(function) > FUNCTION_LINES
    }


def _unexplained(long: dict[str, int], explained: dict[str, str]) -> dict[str, int]:
    return {path: lines for path, lines in long.items() if path not in explained}
