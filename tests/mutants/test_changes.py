"""Mutants of a few lines."""

import pytest

from tests.mutants.changes import mutants

SOURCE = '''
"""Adds 1 to numbers."""

LIMIT: "1 + 1" = 7


@decorated(True)
def more(number: int = 3) -> "2 < 3":
    """At least 5."""
    if number < LIMIT and not is_odd(number):
        log(max(number, 0))
        return number + 1
    return None
'''


@pytest.mark.parametrize(
    ("line", "changed"),
    [
        (4, {"8"}),
        (8, {"4"}),
        (
            10,
            {
                "not (number < LIMIT and (not is_odd(number)))",
                "number < LIMIT or not is_odd(number)",
                "number <= LIMIT",
                "number >= LIMIT",
                "is_odd(number)",
            },
        ),
        (11, {"pass", "min(number, 0)", "max(number, 1)"}),
        (12, {"return None", "number - 1", "number + 2"}),
    ],
)
def test_a_line_s_mutants(line: int, changed: set[str]) -> None:
    assert {each.after for each in mutants(SOURCE, "x") if each.line == line} == changed


def test_annotations_decorators_and_docstrings_stay() -> None:
    assert {each.line for each in mutants(SOURCE, "x")} == {4, 8, 10, 11, 12}


def test_each_mutant_is_the_module_with_its_own_change_alone() -> None:
    source = "def larger(one, other):\n    return one if one > other else other\n"

    said = []
    for each in mutants(source, "x"):
        module: dict[str, object] = {}
        exec(each.code, module)  # noqa: S102 - to run changed code is the point
        larger = module["larger"]
        assert callable(larger)
        said.append((each.after, larger(1, 2), larger(2, 1), larger(1, 1)))

    assert said == [
        ("return None", None, None, None),
        ("not one > other", 1, 1, 1),
        ("one >= other", 2, 2, 1),
        ("one <= other", 1, 1, 1),
    ]
