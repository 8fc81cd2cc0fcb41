"""The gate that says which branches no test takes."""

from tests.gates import coverage


def _report(*, covered: int, missing: dict[str, list[list[int]]] | None = None) -> coverage.Report:
    files = {
        name: {"missing_lines": [7] if gaps else [], "missing_branches": gaps}
        for name, gaps in (missing or {}).items()
    }
    return {"totals": {"covered_branches": covered, "num_branches": 1000}, "files": files}


def test_it_is_content_with_ninety_five_of_a_hundred():
    assert list(coverage.faults(_report(covered=950, missing={"office/models.py": [[3, 5]]}))) == []
    assert list(coverage.faults(_report(covered=949))) == ["94.9 % of branches in all; 95.0 % are promised"]


def test_it_wants_all_of_what_must_never_be_wrong():
    gaps = {
        "post/sending.py": [[3, -1]],
        "milestones/verifying/asking.py": [],
        "milestones/walking.py": [[1, 2]],
    }
    said = ["post/sending.py: line 7, 3 to the end; all of it is promised"]
    assert list(coverage.faults(_report(covered=1000, missing=gaps))) == said
