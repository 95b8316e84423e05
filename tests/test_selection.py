"""The grammar of --pages."""

import pytest

from vary_cli import selection
from vary_cli.errors import UsageError

ROMAN = ("i", "ii", "iii", "iv", "1", "2", "3", "A-1", "A-2", "B")


@pytest.mark.parametrize(
    ("text", "pages"),
    [
        ("7", [7]),
        ("1-3", [1, 2, 3]),
        ("4-4", [4]),
        ("8-", [8, 9, 10]),
        ("-4", [1, 2, 3, 4]),
        ("r1", [10]),
        ("R2", [9]),
        ("r3-r1", [8, 9, 10]),
        ("r2-", [9, 10]),
        ("-r9", [1, 2]),
        ("9-r1", [9, 10]),
        ("odd", [1, 3, 5, 7, 9]),
        ("even", [2, 4, 6, 8, 10]),
        ("ALL", list(range(1, 11))),
        ("1-3,7,8-,-2,r1", [1, 2, 3, 7, 8, 9, 10]),
        (" 9 , 1 - 2 ,r1 ", [1, 2, 9, 10]),
    ],
)
def test_pages_are_counted_from_one_sorted_and_not_doubled(text: str, pages: list[int]) -> None:
    assert selection.parse(text).numbers(10) == pages


@pytest.mark.parametrize(
    ("text", "pages"),
    [
        ("label:iv", [4]),
        ("label:ii-iv", [2, 3, 4]),
        ("label:iii-2", [3, 4, 5, 6]),
        ("label:A-2", [9]),
        ("label:A-1-A-2", [8, 9]),
        ("label:A-2-B", [9, 10]),
        ("label: i - ii , r1", [1, 2, 10]),
    ],
)
def test_labels_are_those_printed_on_the_pages(text: str, pages: list[int]) -> None:
    assert selection.parse(text).numbers(10, ROMAN) == pages


def test_a_label_of_several_pages_means_them_all() -> None:
    assert selection.parse("label:1").numbers(4, ("1", "2", "1", "2")) == [1, 3]


def test_a_label_range_ends_at_the_next_such_label() -> None:
    assert selection.parse("label:2-1").numbers(5, ("1", "2", "3", "1", "2")) == [2, 3, 4]


@pytest.mark.parametrize(
    "piece", ["", "-", "0", "0-3", "x", "1--3", "1-2-3", "r0", "r", "1.5", "-0", "label:", "+3", "\u0663", "9" * 40]
)
def test_a_bad_piece_is_named(piece: str) -> None:
    with pytest.raises(UsageError) as caught:
        selection.parse(f"2,{piece},3")
    assert repr(piece) in caught.value.message
    assert "r3-r1" in caught.value.hint
    assert caught.value.exit_code == 2


@pytest.mark.parametrize("piece", ["3-1", "r1-r3"])
def test_a_range_that_runs_backwards_is_an_error(piece: str) -> None:
    with pytest.raises(UsageError, match="end comes before its start"):
        selection.parse(piece)


@pytest.mark.parametrize(
    ("text", "page"), [("12", "12"), ("8-12", "12"), ("11-", "11"), ("r11", "r11"), ("1-999999999", "999999999")]
)
def test_a_page_that_does_not_exist_is_named(text: str, page: str) -> None:
    with pytest.raises(UsageError) as caught:
        selection.parse(text).numbers(10, name="paper.pdf")
    assert caught.value.message == f"page {page} does not exist: paper.pdf has 10 pages"
    assert caught.value.code == "page_missing"


@pytest.mark.parametrize("text", ["even", "1-r2", "label:1-2"])
def test_choosing_nothing_is_an_error(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        selection.parse(text).numbers(1, ("i",), name="note.pdf")
    assert "note.pdf" in caught.value.message


def test_a_missing_label_shows_what_labels_there_are() -> None:
    with pytest.raises(UsageError) as caught:
        selection.parse("label:IV").numbers(10, ROMAN)
    assert "'IV'" in caught.value.message
    assert "iv" in caught.value.hint
