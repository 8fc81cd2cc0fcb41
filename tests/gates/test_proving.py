"""The tables that gates write into docs/proof.md."""

from tests.gates import proving

TABLES = f"""# Proof

{proving.COVERAGE} branches |
|---|--:|--:|
| in all | 1 % | 2 % |

{proving.MUTANTS} of |
|---|--:|--:|

The end.
"""


def test_a_row_takes_the_place_of_its_namesake(tmp_path):
    page = tmp_path / "proof.md"
    page.write_text(TABLES)
    proving.write(proving.COVERAGE, ["in all", "97.0 %", "96.0 %"], page)
    proving.write(proving.MUTANTS, ["a", "40", "900"], page)
    proving.write(proving.MUTANTS, ["b", "50", "900"], page)
    text = page.read_text()
    assert "1 %" not in text
    assert text.count("| in all | 97.0 % | 96.0 % | 20") == 1
    assert text.index("| a | 40 | 900 | 20") < text.index("| b | 50 | 900 | 20") < text.index("The end.")


def test_the_page_has_both_tables():
    lines = proving.PAGE.read_text().splitlines()
    assert [
        sum(line.startswith(table) for line in lines) for table in (proving.COVERAGE, proving.MUTANTS)
    ] == [1, 1]
