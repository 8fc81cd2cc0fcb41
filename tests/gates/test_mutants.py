"""The mutator: each mutant differs in one thing, still parses, and is named by its line."""

import ast

from tests.gates.mutating import ROOT, all_mutants, mutants_of

SOURCE = '''def f(a, b):
    """Words are no code."""
    if a < b and not b:
        log(a)
        return a + 1
    return None
'''


def test_it_changes_one_thing_at_a_time():
    found = {(mutant.line, mutant.said.split("  →  ")[-1]) for mutant in mutants_of("x.py", SOURCE)}
    assert (3, "a <= b") in found
    assert (3, "a < b or not b") in found
    assert (3, "not not b") in found
    assert (5, "return None") in found
    assert (5, "a - 1") in found
    assert (5, "2") in found
    assert (4, "None") in found
    assert len(found) == 8


def test_every_mutant_of_the_core_parses_and_is_one_of_its_kind():
    found, text = all_mutants(["milestones/judging.py"]), (ROOT / "milestones/judging.py").read_text()
    assert len(found) >= 8
    sources = {mutant.source(text) for mutant in found}
    assert len(sources | {ast.unparse(ast.parse(text))}) == len(found) + 1
    for source in sources:
        ast.parse(source)


def test_it_knows_the_lines_a_test_must_take():
    source = "LIMIT = 5\ndef f(a, b=2):\n    if (a\n            > b):\n        return 3\n    return a + b\n"
    found = {mutant.said: mutant.lines for mutant in mutants_of("x.py", source)}
    assert found["5  →  6"] is found["2  →  3"] is None  # executed as the module is imported
    assert found["a > b  →  a >= b"] == range(3, 5)
    assert found["3  →  4"] == range(5, 6)
    assert found["a + b  →  a - b"] == range(6, 7)


def test_it_knows_the_function_that_is_changed():
    source = "class A:\n    x = 1\n    def f(self):\n        def g(): return 2\n        return g() + 3\n"
    found = {mutant.said: mutant.function for mutant in mutants_of("x.py", source)}
    assert [found[f"{n}  →  {n + 1}"] for n in (1, 2, 3)] == ["", "A.f", "A.f"]
