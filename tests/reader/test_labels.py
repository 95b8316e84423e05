"""Page labels from a PDF's rules."""

from typing import Any

import pytest

from vary_cli.reader.labels import labels


def rule(start: int, style: str, first: int = 1, prefix: str = "") -> dict[str, Any]:
    return {"startpage": start, "style": style, "firstpagenum": first, "prefix": prefix}


@pytest.mark.parametrize(
    ("style", "first", "expected"),
    [
        ("D", 9, ["9", "10"]),
        ("r", 3, ["iii", "iv"]),
        ("R", 1999, ["MCMXCIX", "MM"]),
        ("a", 26, ["z", "aa"]),
        ("A", 28, ["BB", "CC"]),
        ("r", 999_999_999, ["999999999", "1000000000"]),
        ("a", 0, ["0", "a"]),
    ],
)
def test_every_style_of_pdf_is_known(style: str, first: int, expected: list[str]) -> None:
    assert labels([rule(0, style, first)], 2) == expected


def test_rules_follow_each_other_and_gaps_are_numbered() -> None:
    rules = [rule(4, "D", prefix="B-"), rule(1, "r"), rule(6, ""), rule(99, "D"), rule(-1, "D")]
    assert labels(rules, 8) == ["1", "i", "ii", "iii", "B-1", "B-2", "7", "8"]


def test_no_rules_are_plain_numbers() -> None:
    assert labels([], 3) == ["1", "2", "3"]


@pytest.mark.parametrize(
    ("prefix", "expected"),
    [("<FEFF524D>", "前1"), ("<E5898D>", "前1"), ("<zz>", "<zz>1"), ("ageLabel", "1")],
)
def test_prefixes_come_as_text(prefix: str, expected: str) -> None:
    assert labels([rule(0, "D", prefix=prefix)], 1) == [expected]
