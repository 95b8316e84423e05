"""Loops are found and cut; what repeats by right is left."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vary_cli.tidy import repeated_suffix


def cut(text: str) -> str:
    return text[: len(text) - repeated_suffix(text)]


def test_a_loop_is_cut_to_one_copy() -> None:
    assert cut("Once. " + "The cat sat on the mat. " * 6) == "Once. The cat sat on the mat."


def test_an_unfinished_copy_goes_too() -> None:
    assert cut("The cat sat on the mat. " * 6 + "The cat") == "The cat sat on the mat. "


def test_chinese_loops_are_found() -> None:
    assert cut("开头。" + "这一句话一直在重复没有完结真的不停。" * 5) == "开头。这一句话一直在重复没有完结真的不停。"


@pytest.mark.parametrize(
    "text",
    [
        "Contents " + ". " * 60 + "12",
        "Contents " + "." * 200,
        "_" * 80,
        "| 0.0 | 0.0 |\n" * 12,
        "<tr><td>no</td><td>no</td></tr>\n" * 12,
        "0 0 1 1 " * 20,
        "yes no " * 6,
        "ha ha ha ha",
        "",
    ],
)
def test_leaders_rulings_and_rows_are_no_loops(text: str) -> None:
    assert repeated_suffix(text) == 0


def test_even_rows_are_a_loop_when_longer_than_a_page() -> None:
    assert repeated_suffix("| a | b |\n" * 200) == 199 * 10


@settings(deadline=None, derandomize=True)
@given(st.text("abc de", max_size=30), st.text("abcdefgh ijk", min_size=16, max_size=40), st.integers(8, 12))
def test_what_is_cut_is_a_repetition(start: str, unit: str, times: int) -> None:
    text = start + unit * times
    kept = cut(text)
    assert text.startswith(kept)
    assert len(kept) <= len(start) + 2 * len(unit)
