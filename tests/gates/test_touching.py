"""Which tests meet a mutant: those that take its lines, the module's own first, then the quickest."""

import json

from coverage import CoverageData

from tests.gates.mutating import ROOT, Mutant
from tests.gates.touching import Touching

SECONDS = {
    "tests/x/test_slow.py::test": 3.0,
    "tests/x/test_quick.py::test": 0.1,
    "tests/x/test_leases.py::test": 5.0,
}


def test_a_mutant_meets_the_tests_that_take_its_lines(tmp_path):
    data = CoverageData(str(tmp_path / "data"))
    taken = zip(["", *SECONDS], [[1, 2], [3, 4], [3], [3, 7]], strict=True)
    for test, lines in taken:
        data.set_context(test)
        data.add_lines({str(ROOT / "post/leases.py"): lines})
    data.write()
    data.close()
    (tmp_path / "1.json").write_text(json.dumps(SECONDS))
    touching = Touching(tmp_path)

    def meets(lines):
        return [test[8:] for test in touching.tests_of(Mutant("post/leases.py", 1, "", (0, 0), lines))]

    assert meets(range(3, 4)) == ["test_leases.py::test", "test_quick.py::test", "test_slow.py::test"]
    assert meets(range(4, 6)) == ["test_slow.py::test"]
    assert meets(range(5, 7)) == []  # nobody
    assert len(meets(None)) == 3  # executed as it is imported
